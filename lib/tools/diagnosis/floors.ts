import type { Elf } from '../../binding/elf';
import { newestVersion } from '../../binding/linker';

/** The newest versions of glibc and libstdc++ that a file requires. They determine the oldest systems that can load it. */
export function glibcFloor(elf: Elf): string[] {
  const wanted = [...elf.requiredVersions.values()].flat();
  return ['GLIBC', 'GLIBCXX', 'CXXABI'].flatMap((family) => newestVersion(wanted, family) ?? []);
}
