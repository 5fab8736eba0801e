import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Origins beyond our own that pages of a service need. */
export type ContentSources = {
  /** Where a form may lead, redirects included: Stripe's Checkout for a service that sends people to pay. */
  formAction?: readonly string[];
};

/** Security headers: everything from ourselves, nothing inline, no frames, no sniffing, no referrer. */
export function securityHeaders(sources: ContentSources = {}): RequestHandler {
  const self = ["'self'"];
  return helmet({
    contentSecurityPolicy: {
      // Not the defaults of helmet: they allow inline styles and upgrade to https, which breaks pages on 127.0.0.1.
      useDefaults: false,
      directives: {
        defaultSrc: self,
        scriptSrc: self,
        styleSrc: self,
        imgSrc: [...self, 'data:'],
        connectSrc: self,
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: [...self, ...(sources.formAction ?? [])],
      },
    },
    xFrameOptions: { action: 'deny' },
    // Same-origin rather than none: `sameOriginOnly` reads Origin, which "no-referrer" would turn into "null".
    referrerPolicy: { policy: 'same-origin' },
  });
}
