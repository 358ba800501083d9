// Syntax highlighting and theme of the editor. Colours are custom properties of the page, for light and dark mode.
import {EditorView} from "@codemirror/view";
import {HighlightStyle, LanguageSupport, syntaxHighlighting} from "@codemirror/language";
import {styleTags, tags as t} from "@lezer/highlight";
import {SparqlLanguage} from "codemirror-lang-sparql";

const style = HighlightStyle.define([
  {tag: [t.keyword, t.operatorKeyword, t.definitionKeyword], color: "var(--code-keyword)", fontWeight: "600"},
  {tag: [t.variableName, t.special(t.variableName)], color: "var(--code-variable)"},
  {tag: [t.string, t.literal], color: "var(--code-string)"},
  {tag: [t.number, t.bool, t.atom], color: "var(--code-number)"},
  {tag: [t.namespace, t.propertyName, t.className, t.typeName, t.name], color: "var(--code-name)"},
  {tag: [t.url, t.link], color: "var(--code-iri)"},
  {tag: t.comment, color: "var(--soft)", fontStyle: "italic"},
]);

const theme = EditorView.theme({
  "&": {fontSize: ".9rem", color: "var(--ink)", backgroundColor: "var(--sheet)"},
  ".cm-scroller": {fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "11rem", maxHeight: "70vh"},
  ".cm-content": {padding: ".6rem 0", caretColor: "var(--ink)"},
  ".cm-gutters": {backgroundColor: "transparent", color: "var(--soft)", border: "0"},
  ".cm-activeLineGutter": {backgroundColor: "transparent", color: "var(--ink)"},
  ".cm-cursor": {borderLeftColor: "var(--ink)"},
  ".cm-activeLine": {backgroundColor: "color-mix(in srgb, var(--leaf-wash) 45%, transparent)"},
  "&.cm-focused": {outline: "none"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {backgroundColor: "var(--code-selection)"},
  "&.cm-focused .cm-matchingBracket": {backgroundColor: "var(--leaf-wash)", outline: "1px solid var(--leaf)"},
  ".cm-tooltip": {backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--soft)", borderRadius: ".4rem", maxWidth: "min(38rem, 94vw)"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {fontFamily: "var(--sans)", maxHeight: "16rem", maxWidth: "min(38rem, 94vw)"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {padding: ".2rem .5rem"},
  ".cm-tooltip-autocomplete ul li[aria-selected]": {backgroundColor: "var(--leaf)", color: "var(--paper)"},
  ".cm-completionDetail": {fontStyle: "normal", fontSize: ".85em", opacity: "1", marginInlineStart: ".8em"},
  ".cm-completionInfo": {fontFamily: "var(--sans)", maxWidth: "22rem", padding: ".4rem .6rem"},
  ".cm-meaning": {fontFamily: "var(--sans)", padding: ".4rem .6rem", maxWidth: "26rem"},
  ".cm-meaning span": {color: "var(--soft)", fontSize: ".85em"},
  ".cm-meaning p": {margin: ".3rem 0 0"},
  ".cm-diagnostic": {fontFamily: "var(--sans)", padding: ".4rem .6rem"},
  ".cm-diagnosticAction": {backgroundColor: "var(--leaf)", color: "var(--paper)", borderRadius: ".3rem", padding: ".1rem .5rem"},
});

// The grammar has no style for prefixed names, IRIs and "a".
const names = styleTags({"Pname_ln Pname_ns": t.propertyName, IriRef: t.url, A_predicate: t.keyword});

export const highlightTheme = [new LanguageSupport(SparqlLanguage.configure({props: [names]})), syntaxHighlighting(style), theme];
