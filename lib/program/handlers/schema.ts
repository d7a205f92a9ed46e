import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type Awaitable, after } from '../../common/awaitable';
import { oneLine } from '../../common/text';
import { Failure } from './failure';

const MOST_ISSUES = 5;

/** Whether a value implements https://standardschema.dev. Schemas of some libraries are functions. */
export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    '~standard' in value
  );
}

/** Validates and transforms the input; throws a {@link Failure} that names the invalid fields. */
export function validated(schema: StandardSchemaV1, input: unknown): Awaitable<unknown> {
  return after(schema['~standard'].validate(input), checkedValue);
}

function checkedValue(result: StandardSchemaV1.Result<unknown>): unknown {
  if (result.issues === undefined) return result.value;
  const words = result.issues.slice(0, MOST_ISSUES).map(({ path = [], message }) => {
    const where = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return oneLine(where === '' ? message : `${where}: ${message}`);
  });
  const more = result.issues.length - words.length;
  if (more > 0) words.push(`and ${more} more`);
  throw new Failure('invalid', `the request is invalid: ${words.join('; ')}`);
}
