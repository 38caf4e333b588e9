import tseslint from "typescript-eslint";

/** The house rules that a machine can check; CONTRIBUTING.md has the rest. */
export default tseslint.config(
  { ignores: ["node_modules/", ".sandbox/", "examples/.venv/"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { project: "./tsconfig.check.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      // `{ kind, ...rest }` is how a field is left out.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/prefer-nullish-coalescing": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "max-lines": ["error", { max: 400, skipBlankLines: false, skipComments: false }],
      "no-restricted-imports": "off",
    },
  },
  {
    files: ["components/**/*.ts", "provider/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["**/infra/**", "**/sandbox/**"],
              message: "components/ and provider/ stand below infra/ and sandbox/.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["components/**/*.ts"],
    ignores: ["components/kubernetes/custom-resource.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "ImportSpecifier[imported.name='apiextensions'], MemberExpression[property.name='apiextensions'], ImportDeclaration[source.value=/^@pulumi.kubernetes.apiextensions/]",
          message: "Custom resources are made by customResource (components/kubernetes/custom-resource.ts).",
        },
      ],
    },
  },
);
