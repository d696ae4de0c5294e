// Who is signed in here, and the ways to change it.
import { Button, Menu } from '@mantine/core';
import { useSession } from '../api/session.ts';
import { signOut } from '../api/sign-in.ts';
import { Icon } from '../ui/icons.tsx';
import { notify } from '../ui/notices.tsx';
import { useSignIn } from './sign-in-context.ts';

export function Account() {
  const held = useSession();
  const { ask } = useSignIn();
  if (!held) return null;
  const leave = async (): Promise<void> => {
    if (!(await signOut()))
      notify(
        'bad',
        'You are signed out in this browser, but the desk did not answer. Its session stands until it expires.',
      );
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="user" size={14} />}
          aria-label={`Signed in as ${held.subject}, role ${held.role}`}
        >
          {held.role}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{held.subject}</Menu.Label>
        <Menu.Item onClick={() => void ask('The other tabs of this browser change to that user too.')}>
          Sign in as someone else
        </Menu.Item>
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
