import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnd, node, root, runChild, runProgram } from '../support/child';
import { tempDirs } from '../support/temp-dir';

const built = join(root, 'out', 'sandbox', 'Release');
const addonName = 'wework_spec_sandbox.node';
const libraryName = 'libWeWorkSpecSandbox.so';
const sandbox = { WEWORK_SPEC_SDK: 'sandbox', WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null' };

const newDir = tempDirs();

/** A copy of the built package. */
function copyPackage(name: string): string {
  const dir = join(newDir(), name);
  mkdirSync(dir);
  cpSync(join(root, 'dist'), join(dir, 'dist'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(dir, 'package.json'));
  cpSync(built, join(dir, 'out', 'sandbox', 'Release'), { recursive: true });
  return dir;
}

describe('a load that has failed', () => {
  async function repeated(env: NodeJS.ProcessEnv, ...args: string[]) {
    const { stdout, ...ended } = await runChild('repeated-load.mjs', args, { env });
    expect(ended).toEqual({ code: 0, signal: null, stderr: '' });
    const { grown, ...result } = JSON.parse(stdout);
    // Repeating it took 25 KB each time, 50 MB here.
    expect(grown).toBeLessThan(10 * 2 ** 20);
    return result;
  }

  test('is not repeated, until a variable has changed', async () => {
    const env = { ...sandbox, WEWORK_SPEC_THREADS: '0' };
    expect(await repeated(env, 'variable', 'WEWORK_SPEC_THREADS', '1')).toEqual({
      outcomes: ['ERR_SPEC_OUT_OF_RANGE'],
      opened: 1,
      later: 'sandbox',
    });
  });

  test('is not repeated, until the addon is there', async () => {
    const dir = newDir();
    copyFileSync(join(built, libraryName), join(dir, libraryName));
    const addon = join(dir, addonName);
    const env = { ...sandbox, WEWORK_SPEC_ADDON: addon };
    expect(await repeated(env, 'file', join(built, addonName), addon)).toEqual({
      outcomes: ['ERR_SPEC_NOT_BUILT'],
      opened: 0,
      later: 'sandbox',
    });
  });

  test('is not repeated, until the SDK library is there', async () => {
    const dir = newDir();
    const addon = join(dir, addonName);
    copyFileSync(join(built, addonName), addon);
    const env = { ...sandbox, WEWORK_SPEC_ADDON: addon };
    const library = join(dir, libraryName);
    expect(await repeated(env, 'file', join(built, libraryName), library)).toEqual({
      outcomes: ['ERR_SPEC_LIBRARY_MISSING'],
      opened: 1,
      later: 'sandbox',
    });
  });
});

test('GenerateNotifyId examines the SDK once, not at each call', async () => {
  const ended = await runChild('notify-ids.mjs', [], { env: sandbox });
  expect(ended).toEqual(cleanEnd('{"ids":1000,"described":1}\n'));
});

describe('two copies of the package in one process', () => {
  test('cause one warning, which names both libraries, whatever number of Workers', async () => {
    const [first, second] = [copyPackage('first'), copyPackage('second')];
    const mains = [first, second].map((dir) => join(dir, 'dist', 'index.js'));
    const ended = await runChild('two-copies.mjs', mains, { env: sandbox });
    expect(ended).toMatchObject({ code: 0, signal: null, stdout: 'used\n' });
    const library = join('out', 'sandbox', 'Release', libraryName);
    const warnings = ended.stderr.match(/\[ERR_SPEC_SHARED_LIBRARY\].*/g);
    expect(warnings).toHaveLength(1);
    expect(warnings?.[0]).toContain(join(first, library));
    expect(warnings?.[0]).toContain(join(second, library));
    expect(warnings?.[0]).toContain('npm ls wework-spec-sdk');
  });

  test('cause none if the second has the same library', async () => {
    const first = copyPackage('first');
    const second = copyPackage('second');
    rmSync(join(second, 'out'), { recursive: true });
    const addon = join(first, 'out', 'sandbox', 'Release', addonName);
    const mains = [first, second].map((dir) => join(dir, 'dist', 'index.js'));
    const env = { ...sandbox, WEWORK_SPEC_ADDON: addon };
    expect(await runChild('two-copies.mjs', mains, { env })).toEqual(cleanEnd('used\n'));
  });

  test('cause none if LD_LIBRARY_PATH provides the library', async () => {
    const copy = copyPackage('copy');
    const elsewhere = newDir();
    copyFileSync(join(built, libraryName), join(elsewhere, libraryName));
    const env = { ...sandbox, LD_LIBRARY_PATH: elsewhere };
    const ended = await runChild('two-copies.mjs', [join(copy, 'dist', 'index.js')], { env });
    expect(ended).toEqual(cleanEnd('used\n'));
  });
});

describe('options of Node.js that forbid the addon', () => {
  const code = `
    try {
      console.log(require(${JSON.stringify(join(root, 'dist', 'index.js'))}).GetSdkInfo().sdk);
    } catch ({ code, message }) {
      console.log(code, message);
    }`;
  async function run(...nodeArgs: string[]): Promise<string> {
    const args = ['--no-warnings', ...nodeArgs, '-e', code];
    const ended = await runProgram(node, args, { env: sandbox });
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    return ended.stdout;
  }
  /** The name of the option on this version. */
  async function permission(): Promise<string> {
    const { code: refused } = await runProgram(node, ['--permission', '-e', '']);
    return refused === 0 ? '--permission' : '--experimental-permission';
  }
  const addon = join(built, addonName);
  const readable = ['dist/*', 'package.json'].map((file) => `--allow-fs-read=${join(root, file)}`);

  test('--no-addons is named', async () => {
    const output = await run('--no-addons');
    expect(output).toMatch(/^ERR_SPEC_PERMISSION /);
    expect(output).toContain(addon);
    expect(output).toContain('without --no-addons');
    expect(output).not.toMatch(/build/i);
  });

  test('the permission model without --allow-addons', async () => {
    const output = await run(await permission(), '--allow-fs-read=*');
    expect(output).toMatch(/^ERR_SPEC_PERMISSION /);
    expect(output).toContain('Start Node.js with --allow-addons.');
    expect(output).not.toMatch(/build it/i);
  });

  test('the permission model without read access to the addon, and what the advice gives', async () => {
    const allowed = [await permission(), '--allow-addons', ...readable];
    const output = await run(...allowed);
    expect(output).toMatch(/^ERR_SPEC_PERMISSION /);
    const [, advice] = /with (--allow-fs-read=\S+)/.exec(output) ?? [];
    expect(advice).toBe(`--allow-fs-read=${join(root, '*')}`);
    expect(await run(...allowed, advice as string)).toBe('sandbox\n');
  });
});
