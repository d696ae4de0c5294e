// The ways to the pages: in the header on a desk, at the bottom on a phone.
import { Menu } from '@mantine/core';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { Icon, type IconName } from '../ui/icons.tsx';
import { PAGES, useShortcuts } from './shortcuts.tsx';
import { useThemeRound } from './theme-toggle.tsx';
import css from './nav.module.css';

const ICONS: Readonly<Record<(typeof PAGES)[number][1], IconName>> = {
  '/': 'flag',
  '/map': 'globe',
  '/decisions': 'scale',
  '/signals': 'signal',
  '/chokepoints': 'strait',
  '/shipments': 'ship',
  '/alerts': 'bell',
  '/customers': 'user',
  '/record': 'target',
  '/backtests': 'rewind',
  '/system': 'system',
};

/** What a thumb reaches first; the rest is under More. */
const ON_PHONE = ['/', '/decisions', '/alerts', '/chokepoints'] as const;

/** On a desk these stand behind one word: all of them beside the tools would not fit at 1,000 px. */
const IN_MENU: readonly string[] = ['/customers', '/record', '/backtests', '/system'];

export function HeaderNav() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const here = PAGES.find(([, to]) => IN_MENU.includes(to) && path.startsWith(to));
  return (
    <nav className={css.header} aria-label="Pages">
      {PAGES.filter(([, to]) => !IN_MENU.includes(to)).map(([key, to, name]) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/' }} title={`${name} (g ${key})`}>
          {name}
        </Link>
      ))}
      <MenuOfRest here={here?.[2] ?? null} />
    </nav>
  );
}

function MenuOfRest({ here }: { readonly here: string | null }) {
  const navigate = useNavigate();
  return (
    <Menu position="bottom-start" offset={2} width={220}>
      <Menu.Target>
        <button type="button" data-status={here === null ? undefined : 'active'} aria-label={here === null ? 'More pages' : `More pages. Now: ${here}`}>
          {here ?? 'More'} <Icon name="chevron" size={12} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {PAGES.filter(([, to]) => IN_MENU.includes(to)).map(([key, to, name]) => (
          <Menu.Item key={to} leftSection={<Icon name={ICONS[to]} />} rightSection={<span className="dim small">g {key}</span>} onClick={() => void navigate({ to })}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function BottomNav() {
  const navigate = useNavigate();
  const { help } = useShortcuts();
  const theme = useThemeRound();
  const rest = PAGES.filter(([, to]) => !(ON_PHONE as readonly string[]).includes(to));
  return (
    <nav className={css.bottom} aria-label="Pages">
      {ON_PHONE.map((to) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/' }}>
          <Icon name={ICONS[to]} size={20} />
          {PAGES.find((page) => page[1] === to)?.[2]}
        </Link>
      ))}
      <Menu position="top-end" offset={4} width={220}>
        <Menu.Target>
          <button type="button">
            <Icon name="more" size={20} />
            More
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map(([, to, name]) => (
            <Menu.Item key={to} leftSection={<Icon name={ICONS[to]} />} onClick={() => void navigate({ to })}>
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name={theme.icon} />} onClick={theme.turn} closeMenuOnClick={false}>
            {theme.words.split('.')[0]}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="keyboard" />} onClick={help}>
            Keyboard
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
