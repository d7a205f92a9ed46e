import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { abortedRequest } from '../support/aborted-request';
import { node, portOf, root, runProgram, startProgram } from '../support/child';
import { packedPackage, platformDir } from '../support/packed-package';
import { makeStandinSdk, objectDir } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// The steps of the README with the vendor's SDK, without a network: what the package needs is in npm's cache.

jest.setTimeout(300_000);
const newDir = tempDirs();
const packed = packedPackage();

let tarball: string;
let output: typeof packed.current.output;

beforeAll(() => {
  ({ tarball, output } = packed.current);
});

describe('with the vendor’s SDK, in a folder that contains only the tarball and the SDK', () => {
  const archive = 'cpp_sdk-1.3.1.tar.gz';
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  let folder: string;
  let sdkDir: string;
  let prefix: string[] = [];
  /** The first build here compiles everything; that the others would too shows nothing new. */
  const compiledBefore = { WEWORK_SPEC_OBJECT_DIR: objectDir };

  /** The block of the README under a marker such as `<!-- vendor.sh -->`. */
  function block(marker: string, text = readme): string[] {
    const start = text.indexOf('\n', text.indexOf('```', text.indexOf(`<!-- ${marker} -->`))) + 1;
    return text.slice(start, text.indexOf('```', start)).trimEnd().split('\n');
  }

  async function shell(line: string, cwd = folder, more: NodeJS.ProcessEnv = {}): Promise<string> {
    const [command = '', ...args] = [...prefix, 'sh', '-c', line];
    const ended = await runProgram(command, args, {
      cwd,
      env: {
        ...packed.current.env,
        npm_config_offline: 'true',
        npm_config_ignore_scripts: 'true',
        npm_config_loglevel: 'error',
        ...more,
      },
    });
    expect({ line, ...ended }).toMatchObject({ line, code: 0, signal: null, stderr: '' });
    return ended.stdout;
  }

  /**
   * Runs the program of the README, cuts a request off in the middle of its body, and gives the response to an event that
   * comes after it.
   */
  async function responseOfProgram(file: string): Promise<string> {
    // The port of the zone may be taken here.
    const source = readFileSync(file, 'utf8');
    expect(source).toContain('await program.listen(');
    writeFileSync(
      file,
      source.replace(
        /await program\.listen\(.*\);/,
        "console.log('port', (await program.listen({ port: 0, host: '127.0.0.1' })).port);",
      ),
    );
    const running = startProgram(node, [file], { cwd: newDir() });
    const port = Number(await portOf(running));
    try {
      await abortedRequest(port);
      const event = { event_type: 'conversation_new_message', timestamp: 1 };
      const content = { conversation_new_message: { token: 't' } };
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: JSON.stringify({ ...event, ...content }),
      });
      return await response.text();
    } finally {
      running.process.kill();
      await running.ended;
    }
  }

  beforeAll(async () => {
    folder = newDir();
    sdkDir = newDir();
    copyFileSync(tarball, join(folder, basename(tarball)));
    await makeStandinSdk(join(sdkDir, 'cpp_sdk-1.3.1'), {
      switches: ['STANDIN_OPENSSL'],
      compilerArgs: ['-lssl', '-lcrypto'],
    });
    await output('tar', ['-czf', join(folder, archive), '-C', sdkDir, '.']);
    // A network of its own, without any other machine, where the system allows that.
    const alone = await runProgram('unshare', ['-rn', 'true']).catch(() => ({ code: 1 }));
    if (alone.code === 0) prefix = ['unshare', '-rn'];
  });

  test('npm install, build, doctor and a program work one after the other, as in the README', async () => {
    expect(block('vendor.sh', readFileSync(join(root, 'README.zh-CN.md'), 'utf8'))).toEqual(
      block('vendor.sh'),
    );
    const [install = '', build = '', doctor = ''] = block('vendor.sh');
    await shell(install);
    const built = await shell(build);
    expect(built).toContain('19 of 19 documented declarations found');
    expect(built).toMatch(/^Next +npx wework-spec doctor$/m);
    const looked = await shell(doctor);
    expect(looked).not.toMatch(/^fail/m);
    expect(looked).toMatch(/^ok +SDK +vendor \(WEWORK_SPEC_SDK is not set\)$/m);
    expect(looked).toMatch(/^ok +install scripts +blocked/m);
    expect(looked).toMatch(/^ok +OpenSSL .*all of the SDK's functions from/m);
    const program = join(folder, 'program.mjs');
    writeFileSync(program, block('vendor.mjs').join('\n'));
    expect(await responseOfProgram(program)).toBe('<{"errcode":0,"errmsg":"ok"}>');
  });

  test('a prebuild packed by a team runs after link has linked the library', async () => {
    const [build = '', pack = '', link = ''] = block('prebuild.sh');
    await shell(build, folder, compiledBefore);
    const file = (await shell(pack)).trim().split('\n').at(-1) as string;
    const listed = await output('tar', ['-tf', join(folder, file)]);
    expect(listed).toContain(`package/prebuilds/${platformDir}/wework_spec_vendor.node`);
    expect(listed).not.toContain('libWeWorkSpecSDK.so');
    const other = newDir();
    for (const name of [file, archive]) copyFileSync(join(folder, name), join(other, name));
    await shell(`npm install ./${file}`, other);
    await shell(link, other);
    const program = join(other, 'program.mjs');
    writeFileSync(program, block('vendor.mjs').join('\n'));
    expect(await responseOfProgram(program)).toBe('<{"errcode":0,"errmsg":"ok"}>');
  });
});
