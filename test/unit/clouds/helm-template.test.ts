import { describe, expect, it } from "vitest";
import type { Properties } from "../../../provider";
import { fill, mergeValues } from "../../../sandbox/clouds/kubernetes/helm/template";

const release = { name: "web", namespace: "apps" };
const values: Properties = {
  host: "a.example.com",
  none: null,
  empty: "",
  zero: 0,
  list: ["a", "b"],
  nothing: [],
  image: { tag: "1.2", port: 8080, pinned: true },
  quoted: 'say "hi" to {{ .Values.host }}',
};
const refusal =
  "the simulated Kubernetes provider fills in the release's name and namespace and plain values; use the genuine one (--kubernetes genuine)";

describe("a template", () => {
  it.each([
    ["plain text: { a: 1 }", "plain text: { a: 1 }"],
    ["{{ .Release.Name }}.{{ .Release.Namespace }}", "web.apps"],
    ["{{ .Values.host }}:{{ .Values.image.port }}", "a.example.com:8080"],
    ["{{ .Values.image.pinned }} {{ .Values.image.tag }}", "true 1.2"],
    ["{{ .Values.image.port | quote }} {{ .Values.host | quote }}", '"8080" "a.example.com"'],
    ["{{ .Values.quoted | quote }}", '"say \\"hi\\" to {{ .Values.host }}"'],
    ["{{ .Values.image | toJson }}", '{"tag":"1.2","port":8080,"pinned":true}'],
    ["{{ .Values.list | toJson }} {{ .Values.absent | toJson }}", '["a","b"] null'],
    ["[{{ .Values.none }}{{ .Values.absent.too }}{{ .Values.absent | quote }}]", "[]"],
  ])("%s → %s", (text, expected) => expect(fill(text, { release, values })).toBe(expected));

  it.each([
    ["{{- if .Values.host }}", true],
    ["{{- if .Values.image.pinned }}", true],
    ["{{- if .Values.list }}", true],
    ["{{- if .Values.image }}", true],
    ["{{- if .Values.empty }}", false],
    ["{{- if .Values.zero }}", false],
    ["{{- if .Values.nothing }}", false],
    ["{{- if .Values.absent.too }}", false],
    ['{{- if eq .Values.image.tag "1.2" }}', true],
    ['{{- if eq .Values.image.tag "1" }}', false],
    ['{{- if eq .Release.Name "web" }}', true],
  ])("%s lets its part in: %s", (condition, isIn) => {
    const text = `a: 1\n${condition}\nb: {{ .Values.host }}\n{{- end }}\nc: 3\n`;
    expect(fill(text, { release, values })).toBe(`a: 1\n${isIn ? "b: a.example.com\n" : ""}c: 3\n`);
  });

  it("has several such parts", () => {
    const part = (name: string) => `{{- if .Values.${name} }}\n${name}: 1\n{{- end }}\n`;
    expect(fill(part("host") + part("empty") + part("list"), { release, values })).toBe("host: 1\nlist: 1\n");
  });

  it.each([
    ["{{ .Values.list }}", "{{ .Values.list }}"],
    ["{{ .Values.host | upper }}", "{{ .Values.host | upper }}"],
    ['{{ include "x" . }}', '{{ include "x" . }}'],
    ["{{ .Chart.Version }}", "{{ .Chart.Version }}"],
    ["{{ .Release.Service }}", "{{ .Release.Service }}"],
    ["{{ .Values }}", "{{ .Values }}"],
    ["{{- with .Values.image }}\na: 1\n{{- end }}\n", "{{- with .Values.image }}"],
    ["{{- if .Capabilities.X }}\na: 1\n{{- end }}\n", "{{- if .Capabilities.X }}"],
    [
      "{{- if .Values.host }}\n{{- if .Values.list }}\na: 1\n{{- end }}\n{{- end }}\n",
      "{{- if .Values.list }}",
    ],
  ])("%j is more than it can be", (text, what) => {
    expect(() => fill(text, { release, values })).toThrow(new Error(`${what}: ${refusal}`));
  });
});

describe("values", () => {
  it.each<[string, Properties, Properties, Properties]>([
    ["are the chart's own", { a: 1 }, {}, { a: 1 }],
    ["are the release's", { a: 1 }, { a: 2, b: 3 }, { a: 2, b: 3 }],
    ["are both in a map", { m: { a: 1, b: 2 } }, { m: { b: 3 } }, { m: { a: 1, b: 3 } }],
    ["are one or the other in a list", { l: [1, 2] }, { l: [3] }, { l: [3] }],
    ["are gone with null", { a: 1, m: { b: 2, c: 3 } }, { a: null, m: { b: null } }, { m: { c: 3 } }],
    ["may be false", { a: true }, { a: false }, { a: false }],
  ])("%s", (_, own, given, expected) => expect(mergeValues(own, given)).toEqual(expected));
});
