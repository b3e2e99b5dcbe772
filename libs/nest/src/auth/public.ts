import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'packhouse.public';

/** Opens a route, or all of a controller's, to callers without a token. */
export const Public = () => SetMetadata(PUBLIC, true);
