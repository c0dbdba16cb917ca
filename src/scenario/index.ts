/** Lessons: Markdown that is played on a cluster and holds it to what it says. */
export { clockTime } from './clock-time.ts'
export { Lesson, type LessonOptions } from './lesson.ts'
export { parseScenario } from './parse.ts'
export type { Failure, StepResult } from './result.ts'
export type { Step } from './steps.ts'
export { updatedSource } from './update.ts'
