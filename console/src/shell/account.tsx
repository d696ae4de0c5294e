// Who acts here: nobody yet (reading only), or somebody with a role.
import { Button, Menu } from '@mantine/core';
import { setSession, useSession } from '../api/session.ts';
import { Icon } from '../ui/icons.tsx';
import { notify } from '../ui/notices.tsx';
import { useSignIn } from './sign-in-context.ts';

export function Account() {
  const held = useSession();
  const { ask } = useSignIn();
  if (!held) {
    return (
      <Button size="xs" variant="default" onClick={() => void ask('You can read without signing in on this machine. Acting needs a name.')} leftSection={<Icon name="user" size={14} />}>
        Sign in
      </Button>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<Icon name="user" size={14} />} aria-label={`Signed in as ${held.subject}, role ${held.role}`}>
          {held.role}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{held.subject}</Menu.Label>
        <Menu.Item onClick={() => void ask('Sign in as someone else.', { anew: true })}>Sign in as someone else</Menu.Item>
        <Menu.Item onClick={() => { setSession(null); notify('good', 'Signed out.'); }}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
