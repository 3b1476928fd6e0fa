package microroute_test

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
)

func TestMarkdownLinks(t *testing.T) {
	tree := os.DirFS(".")
	for name, text := range readMarkdown(t, tree) {
		for _, fault := range brokenLinks(tree, name, text) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

var (
	inlineCode  = regexp.MustCompile("`[^`]*`")
	linkForms   = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)|(?m:^\s*\[[^\]]+\]:\s*<?([^\s>]+))|(?:href|src)="([^"]+)"`)
	mdHeadings  = regexp.MustCompile(`(?m)^#{1,6}\s+(.*?)\s*#*$`)
	htmlAnchors = regexp.MustCompile(`(?:id|name)="([^"]+)"`)
)

// brokenLinks lists the links of a Markdown file to files, folders and headings of the repository that do not exist.
// Links to other hosts are not followed.
func brokenLinks(tree fs.FS, name, text string) (faults []string) {
	for _, link := range linksOf(text) {
		if fault := linkFault(tree, name, link); fault != "" {
			faults = append(faults, fmt.Sprintf("link to %s: %s", link, fault))
		}
	}
	return faults
}

// linksOf returns the targets of the links and images in a Markdown text.
func linksOf(text string) (links []string) {
	for _, found := range linkForms.FindAllStringSubmatch(inlineCode.ReplaceAllString(prose(text), "``"), -1) {
		links = append(links, found[1]+found[2]+found[3])
	}
	return links
}

// prose returns a Markdown text without its fenced blocks.
func prose(text string) string {
	var b strings.Builder
	for _, part := range splitFences(text) {
		if part.fence == "" {
			b.WriteString(strings.Join(part.lines, "\n") + "\n")
		}
	}
	return b.String()
}

func linkFault(tree fs.FS, from, link string) string {
	target, err := url.Parse(link)
	switch {
	case err != nil:
		return err.Error()
	case target.Scheme != "" || target.Host != "":
		return ""
	}
	file := from
	if target.Path != "" {
		file = path.Join(path.Dir(from), target.Path)
	}
	if strings.HasPrefix(target.Path, "/") {
		file = strings.Trim(target.Path, "/")
	}
	if _, err := fs.Stat(tree, file); err != nil {
		return "no such file"
	}
	if target.Fragment == "" || path.Ext(file) != ".md" {
		return ""
	}
	text, err := fs.ReadFile(tree, file)
	if err != nil {
		return err.Error()
	}
	if !anchorsOf(string(text))[target.Fragment] {
		return "no such heading"
	}
	return ""
}

// anchorsOf returns the fragments that lead into a Markdown file: one for each heading, as GitHub forms them, and those
// set in HTML.
func anchorsOf(text string) map[string]bool {
	text = prose(text)
	known := map[string]bool{}
	for _, found := range mdHeadings.FindAllStringSubmatch(text, -1) {
		anchor := anchorOf(found[1])
		for n := 1; known[anchor]; n++ {
			anchor = fmt.Sprintf("%s-%d", anchorOf(found[1]), n)
		}
		known[anchor] = true
	}
	for _, found := range htmlAnchors.FindAllStringSubmatch(text, -1) {
		known[found[1]] = true
	}
	return known
}

// anchorOf turns "Run modes, and `Shutdown`" into "run-modes-and-shutdown".
func anchorOf(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, heading)
}

func TestBrokenLinksFinds(t *testing.T) {
	tree := fstest.MapFS{
		"README.md":           {Data: []byte("# Read me")},
		"docs/guide/files.md": {Data: []byte("# Files\n\n## Ranges, and `If-Range`\n\n## More\n\n## More\n\n<a id=\"own\">")},
		"docs/a b.md":         {},
		"LICENSE":             {},
	}
	for text, want := range map[string]string{
		"[x](files.md)":                         "",
		"[x](./files.md \"title\")":             "",
		"[x](../guide/)":                        "",
		"[x](../../LICENSE)":                    "",
		"[x](/LICENSE)":                         "",
		"[x](<../a%20b.md>)":                    "",
		"[x](https://example.com/none)":         "",
		"[x](mailto:nobody@example.com)":        "",
		"[x](#files)":                           "",
		"[x](files.md#ranges-and-if-range)":     "",
		"[x](files.md#more-1)":                  "",
		"[x](files.md#own)":                     "",
		"`[x](none.md)`":                        "",
		"```md\n[x](none.md)\n```":              "",
		"[x](none.md)":                          "link to none.md: no such file",
		"![x](none.png)":                        "link to none.png: no such file",
		"[![x](none.png)](files.md)":            "link to none.png: no such file",
		"[x]: none.md":                          "link to none.md: no such file",
		"<img src=\"none.png\">":                "link to none.png: no such file",
		"[x](/docs/none.md)":                    "link to /docs/none.md: no such file",
		"[x](../../../LICENSE)":                 "link to ../../../LICENSE: no such file",
		"[x](#none)":                            "link to #none: no such heading",
		"[x](../../README.md#files)":            "link to ../../README.md#files: no such heading",
		"[x](files.md#Files)":                   "link to files.md#Files: no such heading",
		"[x](files.md#more-2)":                  "link to files.md#more-2: no such heading",
		"[x](%zz)":                              "invalid URL escape",
		"text\n```go\nx\n```\n[x](none.md) end": "link to none.md: no such file",
	} {
		t.Run(text, func(t *testing.T) {
			checkFaults(t, brokenLinks(tree, "docs/guide/files.md", string(tree["docs/guide/files.md"].Data)+"\n\n"+text), want)
		})
	}
}
