/** Custom resources: kinds made at run time. */
export { CUSTOM_RESOURCE_CLEANUP } from '../kinds/customresourcedefinitions/strategy.ts'
export { customKinds } from './custom-kind.ts'
