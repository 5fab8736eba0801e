# One image for A1–A8, the forwarder, the sandbox and the command: docs/decisions/0006-one-image.md says why.
#   docker build -t scholar .                                   base image: node:24-slim
#   podman build --build-arg BASE=registry.example/node:24 .    any other Debian-based Node 24
# Run: ENTRYPOINT is node, the argument is a program below, e.g. services/scholar_auth/dist/main.js
ARG BASE=node:24-slim

FROM ${BASE} AS build
WORKDIR /src
COPY . .
# The optional secrets carry what a build behind a company's proxy needs; they leave no trace in a layer.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=ca,target=/run/ca.pem \
    if [ -s /run/ca.pem ]; then export NODE_EXTRA_CA_CERTS=/run/ca.pem npm_config_cafile=/run/ca.pem; fi; \
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
 && node_modules/.bin/tsc -b \
 && npm sbom --sbom-format=cyclonedx > all.cdx.json \
 && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error
# What runs: programs, migrations, assets and texts. Sources, tests and type maps stay behind; but scripts of a load are
# read as they are written, by our runner and by k6.
RUN mkdir /app && cp -a package.json package-lock.json LICENSE node_modules /app/ \
 && for package in contract runtime sidecar operator services/*; do \
      mkdir -p "/app/$package" \
      && for part in package.json dist migrations assets guide bin; do \
           if [ -e "$package/$part" ]; then cp -a "$package/$part" "/app/$package/"; fi; \
         done; \
    done \
 && mkdir /app/load && cp -a load/package.json load/run load/runner load/scenarios /app/load/ \
 && node k8s/images/sbom.mjs all.cdx.json /app > /app/sbom.cdx.json \
 && find /app/node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.md' -o -name '*.markdown' \) -type f -delete
# What every process tells of its build; k8s/images/build gives the commit.
ARG COMMIT=""
ARG COMMITTED_AT=""
RUN node k8s/images/stamp.mjs /app "$COMMIT" "$COMMITTED_AT"

FROM ${BASE}
ARG COMMIT=""
LABEL org.opencontainers.image.title="scholar" \
      org.opencontainers.image.description="Telemetry that is proven, not believed: no green without a row." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${COMMIT}"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app /app
USER 10001:10001
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["operator/dist/cli/main.js", "version"]
