/** The door everyone knocks on. */
export * from './api-port.ts'
export * from './controller.ts'
