import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { t as listTarball, type ReadEntry } from 'tar';
import { root, runProgram } from './child';

/** A package registry on 127.0.0.1. */
export interface Registry {
  readonly url: string;
  /** The paths of the requests, in their order. */
  readonly requests: string[];
  close(): Promise<void>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** Serves tarballs as every package manager expects them of a registry. */
export async function startRegistry(tarballs: readonly string[]): Promise<Registry> {
  const files = new Map(tarballs.map((file) => [basename(file), readFileSync(file)]));
  const manifests = new Map<string, [file: string, manifest: Manifest]>();
  for (const file of tarballs) {
    const manifest = await manifestOf(file);
    manifests.set(manifest.name, [basename(file), manifest]);
  }
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
    requests.push(path);
    const file = files.get(path.replace('/-/', ''));
    if (file !== undefined) {
      response.setHeader('content-type', 'application/octet-stream').end(file);
      return;
    }
    const known = manifests.get(path.slice(1));
    if (known === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
      return;
    }
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(packument(url(), ...known, files.get(known[0]) as Buffer)));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url(),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Some managers refuse packages that were published within the last days. */
const PUBLISHED = '2025-01-01T00:00:00.000Z';

function packument(url: string, file: string, manifest: Manifest, bytes: Buffer): object {
  const { name, version } = manifest;
  const dist = {
    tarball: `${url}/-/${file}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
  };
  return {
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
    time: { created: PUBLISHED, modified: PUBLISHED, [version]: PUBLISHED },
  };
}

async function manifestOf(tarball: string): Promise<Manifest> {
  const chunks: Buffer[] = [];
  await listTarball({
    file: tarball,
    filter: (path) => /^[^/]+\/package\.json$/.test(path),
    onReadEntry: (entry: ReadEntry) => entry.on('data', (chunk: Buffer) => chunks.push(chunk)),
  });
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** The folders of every package that a program needs at run time, as package-lock.json names them. */
export function runTimePackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; peer?: boolean; devOptional?: boolean }>;
  };
  return Object.entries(packages)
    .filter(
      ([folder, { dev, peer, devOptional }]) => folder !== '' && !dev && !peer && !devOptional,
    )
    .map(([folder]) => folder);
}

/** Packs folders into one that exists. @returns the paths of the tarballs */
export async function packFolders(folders: readonly string[], into: string): Promise<string[]> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
  const { code, stdout, stderr } = await runProgram('npm', [...args, ...folders], {
    cwd: into,
    env: { npm_config_cache: join(into, '.npm'), npm_config_update_notifier: 'false' },
  });
  if (code !== 0) throw new Error(`npm pack ${folders.join(' ')}\n${stdout}${stderr}`);
  const packed: { filename: string }[] = JSON.parse(stdout);
  return packed.map(({ filename }) => join(into, filename));
}
