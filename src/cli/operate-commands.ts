/** Commands on a running desk or its database: health, migrations, the audit chain. */
import { anchorText, parseAnchor, verifyAudit, type AuditVerdict } from '../kernel/audit/index.ts';
import { migrateDown, migrateUp, migrationStatus, readMigrations } from '../kernel/database/index.ts';
import { EXIT, type Command } from './command.ts';
import { modeOption, withDatabase, withOwnDatabase } from './desk-database.ts';
import { errors } from './errors.ts';
import { MIGRATIONS } from './paths.ts';
import { askDesk, deskOptions } from './running-desk.ts';
import { table } from './terminal.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  usage: 'migrate [up|status|down]',
  about: 'bring the database to the newest shape, tell its shape, or undo the newest step',
  options: modeOption,
  async run(context) {
    const { terminal, args } = context;
    const migrations = readMigrations(MIGRATIONS);
    const verb = args[0] ?? 'up';
    if (!['up', 'status', 'down'].includes(verb)) throw errors.COMMAND_WRONG({ detail: `migrate ${verb}`, fix: 'up, status or down' });
    // A running desk must not lose the shape that it works with.
    const open = verb === 'status' ? withDatabase : withOwnDatabase;
    return open(context, async ({ db }) => {
      if (verb === 'status') {
        const states = await migrationStatus(db, migrations);
        if (context.flag('json')) terminal.out(`${JSON.stringify(states, null, 2)}\n`);
        else
          terminal.out(
            table(states, [
              { title: 'version', value: (s) => s.version },
              { title: 'name', value: (s) => s.name },
              { title: 'applied', value: (s) => s.appliedAt?.toISOString() ?? 'not yet' },
            ]),
          );
        return states.every((s) => s.appliedAt) ? EXIT.ok : EXIT.failed;
      }
      if (verb === 'down') {
        const undone = await migrateDown(db, migrations);
        terminal.out(undone ? `undone: ${undone.version}_${undone.name}\n` : 'there is nothing to undo\n');
        return EXIT.ok;
      }
      const applied = await migrateUp(db, migrations, (m) => terminal.err(`applied ${m.version}_${m.name}\n`));
      terminal.out(`${applied.length} applied, ${migrations.length} in all\n`);
      return EXIT.ok;
    });
  },
};

export const auditCommand: Command = {
  name: 'audit',
  usage: 'audit verify',
  about: 'walk the audit chain and name the first row that was changed, removed or reordered',
  options: {
    ...modeOption,
    anchor: {
      type: 'string',
      about: 'the head of an earlier verification, SEQ:HASH: also finds a trail that was rewritten as a whole',
    },
  },
  async run(context) {
    if (context.args[0] !== 'verify') throw errors.COMMAND_WRONG({ detail: 'audit', fix: 'audit verify' });
    const text = context.option('anchor');
    const anchor = text === undefined ? null : parseAnchor(text);
    if (text !== undefined && !anchor) {
      throw errors.COMMAND_WRONG({
        field: '--anchor',
        detail: text,
        fix: 'SEQ:HASH as `audit verify` printed it: a row number, a colon and 64 hex digits',
      });
    }
    return withDatabase(context, async ({ db }) => {
      const verdict = await verifyAudit(db, anchor ? { anchor } : {});
      context.terminal.out(context.flag('json') ? `${jsonOf(verdict)}\n` : wordsOf(verdict));
      return verdict.ok ? EXIT.ok : EXIT.failed;
    });
  },
};

const jsonOf = (verdict: AuditVerdict): string =>
  JSON.stringify(verdict, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

function wordsOf({ rows, head, bad }: AuditVerdict): string {
  if (bad) return `the chain is broken at row ${bad.seq} (${bad.fault}): ${bad.message}\n`;
  return `the chain is whole: ${rows} rows\nhead: ${anchorText(head)}\n`;
}

export const healthCommand: Command = {
  name: 'health',
  usage: 'health',
  about: 'what the running desk says of itself and its parts',
  options: deskOptions,
  async run(context) {
    const health = await askDesk<HealthReply>(context, '/health', { timeoutMs: 5_000, anyStatus: true });
    if (context.flag('json')) context.terminal.out(`${JSON.stringify(health, null, 2)}\n`);
    else {
      context.terminal.out(`${health.status}, version ${health.version}, ${health.timestamp}\n\n`);
      context.terminal.out(
        table(Object.entries(health.components), [
          { title: 'part', value: ([name]) => name },
          { title: 'status', value: ([, c]) => c.status },
          { title: 'ms', value: ([, c]) => c.latency_ms.toFixed(1), align: 'right' },
        ]),
      );
    }
    return health.status === 'healthy' ? EXIT.ok : EXIT.unhealthy;
  },
};

interface HealthReply {
  readonly status: string;
  readonly version: string;
  readonly timestamp: string;
  readonly components: Readonly<Record<string, { readonly status: string; readonly latency_ms: number }>>;
}
