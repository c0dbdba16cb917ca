/** What volumes and claims for them have in common. */
import { type FieldError, fieldForbidden, notSupported, required } from '../../field-error.ts'

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

export function validateAccessModes(modes: readonly string[] | undefined, path: string): FieldError[] {
  if (!modes?.length) return [required(path, 'at least 1 access mode is required')]
  const errors = modes
    .filter(mode => !ACCESS_MODES.includes(mode))
    .map(mode => notSupported(path, mode, ACCESS_MODES))
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    errors.push(fieldForbidden(path, 'may not use ReadWriteOncePod with other access modes'))
  }
  return errors
}
