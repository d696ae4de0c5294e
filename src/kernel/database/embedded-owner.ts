/**
 * One Bellwether a data folder.
 *
 * The lock is a session advisory lock in the Postgres of the folder: it ends with the owner's connection, so it cannot
 * outlive a killed owner, and two that start at once cannot both have it. `owner.json` only says who it is, and speaks
 * where Postgres does not answer: a live owner's server that hangs must not be stopped by another start. It is believed
 * only while a process of that pid *and* start time lives, so a reused pid does not make it stale.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from './errors.ts';
import { isAlive, processFacts } from './processes.ts';
import { openSession, type Session } from './session.ts';

/** 'bwow' in ASCII. */
const LOCK = 0x62_77_6f_77;
const NAME = 'bellwether owner';

/** @throws CodedError DATABASE_FOLDER_IN_USE when a live process is written down as the owner */
export function refuseLiveOwner(file: string, folder: string): void {
  const pid = liveOwner(file);
  if (pid !== null) throw inUse(folder, pid);
}

/** @returns the pid of the live process that is written down as the owner */
export function liveOwner(file: string): number | null {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; startedAt: string };
    return processFacts(pid)?.startedAt === startedAt ? pid : null;
  } catch (e) {
    // Absent or cut short by a kill: then the lock decides.
    if (e instanceof SyntaxError || (e as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw e;
  }
}

/**
 * @param adminUrl of the database `postgres`
 * @throws CodedError DATABASE_FOLDER_IN_USE, DATABASE_UNAVAILABLE
 */
export async function takeOwnership(adminUrl: string, file: string, folder: string): Promise<Session> {
  const session = await openSession(adminUrl, { applicationName: `${NAME} ${process.pid}` });
  try {
    for (let tries = 1; !(await tryLock(session)); tries++) {
      const pid = await holder(session);
      // The backend of an owner that was just killed takes a moment to see that nobody is there.
      if ((pid !== null && isAlive(pid)) || tries === 100) throw inUse(folder, pid);
      await sleep(50);
    }
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: processFacts(process.pid)!.startedAt }), { mode: 0o600 });
    return session;
  } catch (e) {
    session.destroy();
    throw e;
  }
}

async function tryLock(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ owned: boolean }>('select pg_try_advisory_lock($1) as owned', [LOCK]);
  return rows[0]!.owned;
}

export const forgetOwner = (file: string): void => rmSync(file, { force: true });

async function holder(session: Session): Promise<number | null> {
  const { rows } = await session.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = $1 and l.objsubid = 1`,
    [LOCK],
  );
  const pid = Number(rows[0]?.name.slice(NAME.length));
  return pid > 0 ? pid : null;
}

function inUse(folder: string, pid: number | null): Error {
  return errors.DATABASE_FOLDER_IN_USE({
    detail: `${folder} belongs to a running Bellwether${pid === null ? '' : ` (process ${pid})`}`,
    fix: pid === null ? 'Stop it, or give this one another data folder' : `Stop it (kill ${pid}), or give this one another data folder`,
    facts: { pid },
  });
}
