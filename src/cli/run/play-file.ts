/**
 * One scenario file played from beginning to end, and what came of it. Whatever goes wrong is a value, so that one
 * bad file does not hide the others.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Lesson, type LessonOptions, parseScenario, updatedSource } from '../../scenario/index.ts'
import { UserError } from '../../sim/index.ts'
import { nodeSha256 } from '../sha256.ts'

export interface FileResult {
  /** As named on the command line. */
  readonly file: string
  readonly title: string
  /** Undefined when the file could not be read. */
  readonly lesson: Lesson | undefined
  /** What ended it before its time: a UserError, or a bug of ours. */
  readonly error: Error | undefined
  /** `--update` has rewritten it. */
  readonly isUpdated: boolean
  readonly wallMs: number
}

export interface PlayOptions {
  readonly seed?: number
  readonly isUpdate?: boolean
}

/** Plays a file. Never throws for what is in it. */
export function playFile(file: string, options: PlayOptions): FileResult {
  const startedMs = performance.now()
  const result: { -readonly [K in keyof FileResult]: FileResult[K] } = {
    file,
    title: file,
    lesson: undefined,
    error: undefined,
    isUpdated: false,
    wallMs: 0,
  }
  try {
    const lesson = openLesson(file, options.seed)
    result.lesson = lesson
    result.title = lesson.scenario.title
    lesson.playToEnd()
    if (options.isUpdate) result.isUpdated = rewrite(file, lesson)
  } catch (error) {
    result.error = error instanceof Error ? error : new Error(String(error))
  }
  result.wallMs = performance.now() - startedMs
  return result
}

/** Reads a lesson and boots its cluster. Throws UserError. */
export function openLesson(
  file: string,
  seed?: number,
  options?: Pick<LessonOptions, 'adapters' | 'defaults'>,
): Lesson {
  const folder = dirname(file)
  return new Lesson(parseScenario(file, readLesson(file)), {
    seed,
    readFile: path => readIfThere(resolve(folder, path)),
    adapters: { sha256: nodeSha256 },
    ...options,
  })
}

function readLesson(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new UserError(code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`, {
      where: file,
      mend: 'Name a Markdown file, such as lessons/01-first-pod.md.',
    })
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    return undefined
  }
}

function rewrite(file: string, lesson: Lesson): boolean {
  const updated = updatedSource(lesson.scenario, lesson.results)
  if (updated === lesson.scenario.source) return false
  writeFileSync(file, updated)
  return true
}
