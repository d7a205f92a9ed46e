import { interpreterOf } from '../../binding/elf';
import { compareVersions } from '../../binding/linker';
import { type Check, fail, ok, warn } from './check';

const napiFloor = 8;
const nodeFloor = '20.17.0';

/** Platform, C library, Node.js. */
export function machineChecks(): Check[] {
  return [platform(), libc(), node()];
}

function platform(): Check {
  const found = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') {
    return fail(
      'platform',
      `${found}: the SDK and the sandbox are Linux libraries`,
      'run in a Linux container; with WEWORK_SPEC_SDK=sandbox it works there without the vendor SDK',
    );
  }
  return process.arch === 'x64'
    ? ok('platform', found)
    : warn(
        'platform',
        found,
        "check that the vendor's library is there for this processor; the sandbox is prebuilt for x64 only",
      );
}

function libc(): Check {
  if (process.platform !== 'linux') return ok('C library', 'not looked at on this platform');
  const interpreter = interpreterOf(process.execPath);
  if (interpreter?.includes('ld-musl')) {
    return fail(
      'C library',
      `musl (${interpreter})`,
      'take an image with glibc: node:22-bookworm-slim in place of node:22-alpine',
    );
  }
  const version = glibcVersion();
  return version === undefined
    ? warn('C library', 'neither glibc nor musl was recognised', 'use a system with glibc')
    : ok('C library', `glibc ${version}`);
}

/** The version of glibc that runs this process. */
export function glibcVersion(): string | undefined {
  const report = process.report.getReport() as unknown as {
    header: { glibcVersionRuntime?: string };
  };
  return report.header.glibcVersionRuntime;
}

function node(): Check {
  const { node, napi = '0' } = process.versions;
  const found = `${node}, Node-API ${napi}`;
  if (Number(napi) < napiFloor) {
    return fail(
      'Node.js',
      found,
      `take Node.js ${nodeFloor} or newer: Node-API ${napiFloor} is needed`,
    );
  }
  return compareVersions(node, nodeFloor) < 0
    ? warn('Node.js', found, `take ${nodeFloor} or newer, which is tested`)
    : ok('Node.js', found);
}
