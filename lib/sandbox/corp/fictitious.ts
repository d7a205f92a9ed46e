import type { Random } from '../../common/random';

// Numbers that pass validation but belong to nobody: no operator uses phone numbers that begin with 100, no region has the code
// 000000, and no bank the prefix 999999.

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';

/** A mobile phone number of eleven digits. */
export function fictitiousMobile(random: Random): string {
  return `100${random.digits(8)}`;
}

/** An ID card number of 18 characters with a valid check character. */
export function fictitiousIdCard(random: Random): string {
  const day = `${random.between(1960, 2005)}${two(random.between(1, 12))}${two(random.between(1, 28))}`;
  const digits = `000000${day}${random.digits(3)}`;
  return digits + idCardCheck(digits);
}

/** A bank card number of 16 digits with a valid check digit. */
export function fictitiousBankCard(random: Random): string {
  const digits = `999999${random.digits(9)}`;
  const check = [...'0123456789'].find((digit) => isLuhn(digits + digit));
  return `${digits}${check}`;
}

/** Whether a string is a valid ID card number (GB 11643). */
export function isIdCard(text: string): boolean {
  return /^\d{17}[\dXx]$/.test(text) && idCardCheck(text.slice(0, 17)) === text[17]?.toUpperCase();
}

/** Whether a string is a valid bank card number of 16 to 19 digits. */
export function isBankCard(text: string): boolean {
  return /^\d{16,19}$/.test(text) && isLuhn(text);
}

/** Whether a string has the form of a mobile phone number in China. */
export function isMobile(text: string): boolean {
  return /^1\d{10}$/.test(text);
}

function idCardCheck(digits: string): string {
  const sum = ID_WEIGHTS.reduce(
    (total, weight, index) => total + weight * Number(digits[index]),
    0,
  );
  return ID_CHECKS[sum % 11] as string;
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
