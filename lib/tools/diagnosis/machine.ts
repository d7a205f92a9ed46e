import { interpreterOf } from '../../binding/elf';
import { compareVersions } from '../../binding/linker';
import { type Check, fail, ok, warn } from './check';

const napiFloor = 8;
const nodeFloor = '20.17.0';

/** Checks platform, C library and Node.js. */
export function machineChecks(): Check[] {
  return [platform(), libc(), node()];
}

function platform(): Check {
  const found = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') {
    return fail(
      'platform',
      `${found}: the SDK and the sandbox are Linux libraries`,
      "use a Linux container; with WEWORK_SPEC_SDK=sandbox it works without the vendor's SDK",
    );
  }
  return process.arch === 'x64'
    ? ok('platform', found)
    : warn(
        'platform',
        found,
        'check that the vendor provides a library for this processor; the sandbox is prebuilt for x64 only',
      );
}

function libc(): Check {
  if (process.platform !== 'linux') return ok('C library', 'not checked on this platform');
  const interpreter = interpreterOf(process.execPath);
  if (interpreter?.includes('ld-musl')) {
    return fail(
      'C library',
      `musl (${interpreter})`,
      'use an image with glibc: node:22-bookworm-slim instead of node:22-alpine',
    );
  }
  const version = glibcVersion();
  return version === undefined
    ? warn('C library', 'neither glibc nor musl was recognised', 'use a system with glibc')
    : ok('C library', `glibc ${version}`);
}

/** The version of glibc in this process; undefined with another C library. */
function glibcVersion(): string | undefined {
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
      `use Node.js ${nodeFloor} or newer; Node-API ${napiFloor} is required`,
    );
  }
  return compareVersions(node, nodeFloor) < 0
    ? warn('Node.js', found, `use ${nodeFloor} or newer; older versions are not tested`)
    : ok('Node.js', found);
}
