// The fields of a sign-in: e-mail and password, or a pasted token. Used by the sign-in page and by the dialog.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { signInWithPassword, signInWithToken } from '../api/sign-in.ts';
import { Choice } from '../ui/list-frame.tsx';
import css from './sign-in-form.module.css';
import { explainSignIn, type Way } from './sign-in-words.ts';

const WAYS = [
  ['password', 'E-mail and password'],
  ['token', 'Access token'],
] as const;

interface Props {
  /** The first field takes the focus: in a dialog. */
  readonly focus?: boolean;
  readonly onDone?: () => void;
}

export function SignInForm({ focus = false, onDone }: Props) {
  const [way, setWay] = useState<Way>('password');
  const [fields, setFields] = useState({ email: '', password: '', token: '' });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const set = (name: keyof typeof fields) => (event: { currentTarget: HTMLInputElement }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      await (way === 'password' ? signInWithPassword(fields.email, fields.password) : signInWithToken(fields.token));
      onDone?.();
    } catch (error) {
      setFailure(explainSignIn(error, way));
      setBusy(false);
    }
  };
  const common = { required: true, withAsterisk: false, 'data-autofocus': focus || undefined } as const;
  return (
    // POST: should the script fail, the browser must not put the password into the address.
    <form className={css.form} method="post" onSubmit={(event) => void submit(event)}>
      <Choice
        label="How to sign in"
        value={way}
        options={WAYS}
        onChange={(next) => {
          setWay(next);
          setFailure(null);
        }}
      />
      {way === 'password' ? (
        <>
          <TextInput
            {...common}
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            value={fields.email}
            onChange={set('email')}
          />
          <PasswordInput
            required
            withAsterisk={false}
            label="Password"
            name="password"
            autoComplete="current-password"
            value={fields.password}
            onChange={set('password')}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
        </>
      ) : (
        <PasswordInput
          {...common}
          label="Access token"
          description="The first start printed one for the administrator."
          name="token"
          autoComplete="off"
          value={fields.token}
          onChange={set('token')}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
        />
      )}
      <p className={css.failure} role="alert">
        {failure}
      </p>
      <Button type="submit" loading={busy} fullWidth>
        Sign in
      </Button>
      <p className="dim small">
        All tabs of this browser share the sign-in. It ends when you sign out or close the last tab.
      </p>
    </form>
  );
}
