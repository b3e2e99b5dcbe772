import type { SecurityHeadersOptions } from '@nestjs/common';
import type { Settings } from '../settings/settings.js';

/** For answers that are data and never a page: nothing in them is to run, or to be framed. */
export function securityHeaders({ production }: Settings): SecurityHeadersOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    // Heard over TLS alone. Other names under this one are not ours to speak for.
    strictTransportSecurity: production && { includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
  };
}
