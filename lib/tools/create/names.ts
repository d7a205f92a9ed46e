import { CreateError } from './create-error';

const MAX_ABILITY_LENGTH = 40;

/** Checks the name of a program, which is the name of an npm package. */
export function checkedProgramName(name: string): string {
  const isValid = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name);
  if (!isValid || name.length > 214 || name === 'node_modules' || name === 'wework-spec-sdk') {
    throw new CreateError(
      'usage',
      `"${name}" cannot be the name of a program: use lower-case letters, digits, "-", "_" and ".", beginning with a letter or ` +
        'digit. --name gives the program another name than its folder',
    );
  }
  return name;
}

/** Splits and checks ids of abilities. @param text - separated by commas */
export function checkedAbilities(text: string): string[] {
  const ids = text.split(',').map((id) => id.trim());
  for (const [index, id] of ids.entries()) {
    checkedAbility(id);
    if (ids.indexOf(id) !== index)
      throw new CreateError('usage', `the ability "${id}" is repeated`);
  }
  return ids;
}

/** Checks the id of an ability. The limit keeps the lines of the generated code short. */
export function checkedAbility(id: string): string {
  if (!/^[A-Za-z][\w-]*$/.test(id) || id.length > MAX_ABILITY_LENGTH) {
    throw new CreateError(
      'usage',
      `"${id}" cannot be the id of an ability: use letters, digits, "_" and "-", beginning with a letter, at most ` +
        `${MAX_ABILITY_LENGTH} characters`,
    );
  }
  return id;
}
