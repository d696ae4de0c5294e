// As the system, light, or dark: one button that goes round.
import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { Icon } from '../ui/icons.tsx';
import { useShortcut } from './shortcuts.tsx';

const ROUND = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;
const ICONS = { auto: 'half', light: 'sun', dark: 'moon' } as const;

export function useThemeRound() {
  // Without keepTransitions a style element is written to hold transitions still, which the content policy refuses.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const next = ROUND[colorScheme];
  return { colorScheme, words: `Theme: ${WORDS[colorScheme]}. Change to ${WORDS[next]}`, icon: ICONS[colorScheme], turn: () => setColorScheme(next) };
}

export function ThemeToggle() {
  const { words, icon, turn } = useThemeRound();
  useShortcut('t', turn);
  return (
    <ActionIcon variant="subtle" color="harbor" size={32} onClick={turn} aria-label={words} title={`${words} (t)`}>
      <Icon name={icon} />
    </ActionIcon>
  );
}
