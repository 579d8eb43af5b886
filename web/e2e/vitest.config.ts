import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["e2e/*.test.ts"], fileParallelism: false, testTimeout: 90_000, hookTimeout: 90_000, globalSetup: "e2e/chromium.ts" } });
