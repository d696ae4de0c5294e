// What the widgets must know in code; everything that is a colour or a size is in tokens.css.
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const ramp = (...colours: MantineColorsTuple): MantineColorsTuple => colours;

export const theme = createTheme({
  primaryColor: 'harbor',
  colors: {
    harbor: ramp('#eaf4f8', '#d3e7f0', '#a9cfe1', '#7cb6d1', '#56a0c3', '#3a8fb6', '#1f7299', '#0b5a7c', '#0b4f6c', '#083d54'),
    brick: ramp('#fdefed', '#f8d9d5', '#f0b0a9', '#e7857b', '#df6053', '#c8402f', '#b32f22', '#a02017', '#861a12', '#6b130d'),
  },
  primaryShade: { light: 8, dark: 6 },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The scroll lock of dialogs writes a style element, which the content policy refuses; base.css holds the page still.
    Modal: { defaultProps: { lockScroll: false, centered: true, overlayProps: { backgroundOpacity: 0.5 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Button: { defaultProps: { size: 'sm' } },
    Popover: { defaultProps: { withArrow: true, shadow: 'md' } },
    Menu: { defaultProps: { withArrow: true, shadow: 'md' } },
  },
});
