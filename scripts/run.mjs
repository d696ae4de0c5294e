// Set-up and run, with nothing but Node 20 and npm on the machine: installs what the lockfile says, switches to the
// pinned Node 24, builds the web page when its sources changed, and hands over. No dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const INSTALLED = join(MODULES, '.bellwether-installed');
const CONSOLE_BUILT = join(ROOT, 'console/dist/.built-from');

/**
 * A desk at rest holds 268 MiB with a young generation of 4 MiB and 336 MiB with V8's own 16, measured after a whole scenario;
 * it allocates little at a time, so that the extra collections do not show. `test/support/desk.ts` starts it alike.
 */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

const TASKS = {
  start: { help: 'start every role and play the default scenario (`npm start -- --live` for the real sources)', run: (args) => { buildConsole(); return hand('src/main.ts', ['start', ...args]); } },
  bellwether: { help: 'any command of the command line: `npm run bellwether -- --help`', run: (args) => hand('src/main.ts', args) },
  test: { help: 'every test; those that need a server from elsewhere are skipped with a line', run: (args) => { buildConsole(); return hand('test/support/run-tests.ts', args); } },
  bench: { help: 'measure against peers and write bench/results.md', run: (args) => hand('bench/run.ts', args) },
  types: { help: 'type check', run: () => tool('typescript/bin/tsc', ['-p', '.']) || tool('typescript/bin/tsc', ['-p', 'console']) },
  lint: { help: 'lint', run: () => tool('oxlint/bin/oxlint', ['--deny-warnings', 'src', 'test', 'bench', 'console/src', 'scripts']) },
  rules: { help: 'import rules and size ratchets', run: () => hand('test/support/rules.ts', []) },
  console: { help: 'build the web page into console/dist', run: () => { buildConsole({ force: true }); return 0; } },
};

const [task, ...args] = process.argv.slice(2);
if (!task || !Object.hasOwn(TASKS, task)) {
  const list = Object.entries(TASKS).map(([name, { help }]) => `  ${name.padEnd(12)}${help}`).join('\n');
  process.stderr.write(`${task ? `No task "${task}".\n` : ''}usage: node scripts/run.mjs TASK [arguments]\n${list}\n`);
  process.exit(2);
}
requireNode(20);
install();
process.exitCode = await TASKS[task].run(args);

function requireNode(least) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major >= least) return;
  process.stderr.write(`Bellwether needs Node ${least} or newer to set itself up; this is ${process.version}. Get one at nodejs.org.\n`);
  process.exit(1);
}

/** Installs what the lockfile says, when it is not what is installed. A run that was cut off is started again: the marker comes last. */
function install() {
  const wanted = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === wanted) return;
  // A folder that another checkout lends is not ours to replace: npm would empty it.
  if (lstatSync(MODULES, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  say('Installing what the lockfile says (once, about half a minute) …');
  const from = Date.now();
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  if (npm.status !== 0) {
    process.stderr.write('npm could not install the packages (its words are above). Check the network and the disk, then run the same command again.\n');
    process.exit(1);
  }
  writeFileSync(INSTALLED, wanted);
  say(`Installed in ${Math.round((Date.now() - from) / 1000)} s.`);
}

/** The pinned Node from npm, else this one when it is new enough. */
function node24() {
  const pinned = join(MODULES, `node-${process.platform}-${process.arch}`, 'bin/node');
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 7)) return process.execPath;
  process.stderr.write(`npm has no pinned Node for ${process.platform}-${process.arch}, and this one is ${process.version}. Install Node 24.7 or newer and run the same command again.\n`);
  return process.exit(1);
}

/** Builds the web page when its sources are not those that it was built from. */
function buildConsole({ force = false } = {}) {
  if (!existsSync(join(ROOT, 'console/vite.config.ts'))) return;
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  for (const file of filesUnder(join(ROOT, 'console'))) hash.update(file).update(readFileSync(file));
  const wanted = hash.digest('hex');
  if (!force && existsSync(CONSOLE_BUILT) && readFileSync(CONSOLE_BUILT, 'utf8') === wanted) return;
  say('Building the console …');
  const vite = spawnSync(node24(), [join(MODULES, 'vite/bin/vite.js'), 'build', '--config', 'console/vite.config.ts', '--logLevel', 'warn'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (vite.status !== 0) {
    process.stderr.write('The console could not be built (the reason is above). The API works without it.\n');
    if (force) process.exit(1);
    return;
  }
  mkdirSync(dirname(CONSOLE_BUILT), { recursive: true });
  writeFileSync(CONSOLE_BUILT, wanted);
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : statSync(path).isFile() ? [path] : [];
    });
}

/**
 * Runs a file of ours under Node 24 and takes over its exit code. Signals are passed on; should this process be
 * killed outright, the channel between the two closes, and the child stops by itself in good order.
 */
function hand(file, fileArgs) {
  const child = spawn(node24(), [...NODE_FLAGS, join(ROOT, file), ...fileArgs], { cwd: process.cwd(), stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: { ...process.env, BELLWETHER_ROOT: ROOT } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1))));
}

function tool(path, toolArgs) {
  return spawnSync(node24(), [join(MODULES, path), ...toolArgs], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
