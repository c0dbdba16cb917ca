/** Values of flags, checked. */
import { InvalidArgumentError } from 'commander'

/** A whole number, not negative. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('give a whole number')
  return Number(text)
}
