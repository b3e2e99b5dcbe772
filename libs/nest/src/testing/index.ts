export { fakePackhouse, TEST_TENANT, type PackhouseFakes } from './fake-packhouse.js';
