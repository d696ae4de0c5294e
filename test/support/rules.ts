/** The rules that hold the house: imports (dependency-cruiser), and the length of files and functions (ratchets). Exits 1 on a breach. */
import { readFileSync, globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { cruise, type ICruiseOptions } from 'dependency-cruiser';

const ROOT = join(import.meta.dirname, '../..');

export interface Breach {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/**
 * Checks the imports of a tree laid out like ours.
 * @param root folder that holds `src/`
 * @throws Error when no module was read: a check that reads nothing passes everything
 */
export async function importBreaches(root: string): Promise<readonly Breach[]> {
  const rules = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as { forbidden: { name: string; comment: string }[]; options: ICruiseOptions };
  const options = { ...rules.options, baseDir: root, ruleSet: { forbidden: rules.forbidden }, validate: true } as unknown as ICruiseOptions;
  const { output } = await cruise(['src'], options);
  if (typeof output === 'string' || output.summary.totalCruised === 0) throw new Error('the import check read 0 modules: its parser does not understand this tree');
  const why = new Map(rules.forbidden.map((rule) => [rule.name, rule.comment]));
  return output.summary.violations.map((v) => ({ rule: v.rule.name, from: v.from, to: v.to, why: why.get(v.rule.name) ?? '' }));
}

export const FILE_LINES_MAX = 400;

/** Files over the limit of lines. Data files are figures, not code. */
export function longFiles(root: string): readonly { readonly file: string; readonly lines: number }[] {
  return globSync(['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'console/src/**/*.{ts,tsx,css}', 'scripts/*.mjs'], { cwd: root })
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > FILE_LINES_MAX);
}

/** `new Date()` without an argument where the clock is injected; the linter can ban a property, but not this. */
export function ambientDates(root: string): readonly { readonly file: string; readonly line: number }[] {
  return globSync(['src/{flow,desk,venues,edge,scenario,cli,app,model}/**/*.ts', 'src/*.ts'], { cwd: root })
    .filter((file) => !file.endsWith('.test.ts') && file !== join('src', 'model', 'time.ts'))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((text, i) => (/\bnew Date\(\s*\)/.test(text) ? [{ file, line: i + 1 }] : [])),
    );
}

if (process.argv[1] === import.meta.filename) {
  const breaches = await importBreaches(ROOT);
  for (const b of breaches) process.stderr.write(`${b.rule}: ${b.from} → ${b.to}\n    ${b.why}\n`);
  const long = longFiles(ROOT);
  for (const { file, lines } of long) process.stderr.write(`${relative(ROOT, join(ROOT, file))}: ${lines} lines; at most ${FILE_LINES_MAX}. Give one of its ideas a file of its own.\n`);
  const ambient = ambientDates(ROOT);
  for (const { file, line } of ambient) process.stderr.write(`${file}:${line}: new Date() takes the time from the air. Take a Clock, or the as_of of the job.\n`);
  process.stdout.write(`${breaches.length} import breaches, ${long.length} files too long, ${ambient.length} ambient dates\n`);
  process.exit(breaches.length + long.length + ambient.length > 0 ? 1 : 0);
}
