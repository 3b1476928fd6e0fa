package microroute_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Go code in Markdown is shown, not written: it stands in a file that is compiled, and a comment above the block, which
// readers do not see, says in which.
//
//	<!-- examples/hello/main.go -->
//	```go
//	app := microroute.New()
//	```

func TestMarkdownShowsCompiledCode(t *testing.T) {
	tree := os.DirFS(".")
	blocks := 0
	for name, text := range readMarkdown(t, tree) {
		if name == "CHANGELOG.md" { // it tells of code that is gone
			continue
		}
		for _, block := range goBlocks(text) {
			blocks++
			if fault := block.fault(tree); fault != "" {
				t.Errorf("%s:%d: %s", name, block.line, fault)
			}
		}
	}
	if blocks == 0 {
		t.Error("found no Go block in any Markdown file")
	}
}

// readMarkdown returns the Markdown files of the repository, those of the other modules too.
func readMarkdown(t *testing.T, tree fs.FS) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (isHidden(entry.Name()) || entry.Name() == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".md":
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		texts[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if texts["README.md"] == "" {
		t.Error("found no README.md")
	}
	return texts
}

// goBlock is a fenced block of Go code.
type goBlock struct {
	line int      // of the opening fence, counted from 1
	file string   // what the comment above it names, "" if there is none
	code []string // its lines, without the indentation that all of them share
}

func goBlocks(text string) (blocks []goBlock) {
	above := ""
	for _, part := range splitFences(text) {
		if part.info == "go" || part.info == "golang" {
			blocks = append(blocks, goBlock{part.line, commentText(above), dedent(part.lines)})
		}
		above = ""
		if part.fence == "" {
			above = strings.TrimSpace(part.lines[len(part.lines)-1])
		}
	}
	return blocks
}

// commentText returns the text of an HTML comment, "" if the line is none.
func commentText(line string) string {
	text, isComment := strings.CutPrefix(line, "<!--")
	if !isComment {
		return ""
	}
	return strings.TrimSpace(strings.TrimSuffix(text, "-->"))
}

// fault says how the block differs from the file that it shows, "" if it does not.
func (b goBlock) fault(tree fs.FS) string {
	switch {
	case b.file == "":
		return "Go block without a comment on the line above it that names its file, such as <!-- examples/hello/main.go -->"
	case path.Ext(b.file) != ".go" || slices.ContainsFunc(strings.Split(b.file, "/"), isHidden):
		return fmt.Sprintf("Go block of %s, which is nothing that the go command compiles", b.file)
	}
	text, err := fs.ReadFile(tree, b.file)
	if err != nil {
		return fmt.Sprintf("Go block of a file that cannot be read: %v", err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	at := excerptAt(lines, b.code)
	switch {
	case at < 0:
		return fmt.Sprintf("Go block is not in %s", b.file)
	case at+len(b.code) < len(lines) && slices.ContainsFunc(b.code, isPackageClause):
		return fmt.Sprintf("Go block looks like a whole program, but %s goes on behind it", b.file)
	}
	return ""
}

// excerptAt returns where code stands in lines, at whatever indentation, or -1.
func excerptAt(lines, code []string) int {
	for at := 0; at+len(code) <= len(lines) && len(code) > 0; at++ {
		if slices.Equal(dedent(lines[at:at+len(code)]), code) {
			return at
		}
	}
	return -1
}

func isPackageClause(line string) bool { return strings.HasPrefix(line, "package ") }

// dedent takes away the white space with which all lines begin that are not blank.
func dedent(lines []string) []string {
	shared := -1
	for _, line := range lines {
		if text := strings.TrimLeft(line, " \t"); text != "" && (shared < 0 || len(line)-len(text) < shared) {
			shared = len(line) - len(text)
		}
	}
	cut := make([]string, len(lines))
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			cut[i] = line[shared:]
		}
	}
	return cut
}

// markdownPart is a fenced block of Markdown, or the text between two of them.
type markdownPart struct {
	fence string // what opened the block, such as "```", "" for text
	info  string // the first word behind it
	line  int    // of the fence or the first line of text, counted from 1
	lines []string
}

// splitFences cuts a text where fenced blocks begin and end (CommonMark section 4.5). An empty text has no parts.
func splitFences(text string) (parts []markdownPart) {
	var in markdownPart
	for i, line := range strings.Split(text, "\n") {
		fence := fenceOf(line)
		switch {
		case in.fence == "" && fence != "":
			info, _, _ := strings.Cut(strings.TrimSpace(strings.TrimSpace(line)[len(fence):]), " ")
			parts = appendPart(parts, in)
			in = markdownPart{fence: fence, info: info, line: i + 1}
		case in.fence != "" && strings.HasPrefix(fence, in.fence) && strings.TrimSpace(line) == fence:
			parts = appendPart(parts, in)
			in = markdownPart{line: i + 2}
		default:
			in.lines = append(in.lines, line)
		}
	}
	return appendPart(parts, in)
}

func appendPart(parts []markdownPart, p markdownPart) []markdownPart {
	if p.fence == "" && len(p.lines) == 0 {
		return parts
	}
	return append(parts, p)
}

// fenceOf returns the run of three or more backticks or tildes with which a line begins, "" if it does not.
func fenceOf(line string) string {
	line = strings.TrimSpace(line)
	for _, mark := range []string{"`", "~"} {
		if run := line[:len(line)-len(strings.TrimLeft(line, mark))]; len(run) >= 3 {
			return run
		}
	}
	return ""
}

func TestGoBlockFaultFinds(t *testing.T) {
	const file = "// Command hello says so.\npackage main\n\nfunc main() {\n\tif true {\n\t\tprintln(1)\n\n\t\tprintln(2)\n\t}\n}\n"
	tree := fstest.MapFS{
		"examples/hello/main.go": {Data: []byte(file)},
		"testdata/main.go":       {Data: []byte(file)},
		"notes.txt":              {Data: []byte(file)},
	}
	const above = "<!-- examples/hello/main.go -->\n"
	tests := []struct{ name, text, want string }{
		{"whole file", above + "```go\n" + file + "```\n", ""},
		{"without the package comment", above + "```go\n" + file[strings.Index(file, "package"):] + "```", ""},
		{"excerpt", above + "```go\nif true {\n\tprintln(1)\n\n\tprintln(2)\n}\n```", ""},
		{"excerpt in a list", "- so:\n  " + above + "  ```go\n  println(1)\n\n  println(2)\n  ```", ""},
		{"tildes", above + "~~~go\nprintln(1)\n~~~", ""},
		{"other language", "```sh\ncurl\n```", ""},
		{"Go within another block", "````md\n```go\nx\n```\n````", ""},
		{"no comment", "text\n```go\nprintln(1)\n```", "without a comment"},
		{"comment too far away", above + "text\n```go\nprintln(1)\n```", "without a comment"},
		{"comment of the block before", above + "```go\nprintln(1)\n```\n```go\nprintln(2)\n```", "without a comment"},
		{"missing file", "<!-- examples/none.go -->\n```go\nprintln(1)\n```", "cannot be read"},
		{"file outside", "<!-- ../main.go -->\n```go\nprintln(1)\n```", "nothing that the go command compiles"},
		{"file that is not compiled", "<!-- testdata/main.go -->\n```go\nprintln(1)\n```", "nothing that the go"},
		{"file of another language", "<!-- notes.txt -->\n```go\nprintln(1)\n```", "nothing that the go"},
		{"changed", above + "```go\nprintln(3)\n```", "is not in examples/hello/main.go"},
		{"half a line", above + "```go\nif true\n```", "is not in"},
		{"lines left out", above + "```go\nprintln(1)\nprintln(2)\n```", "is not in"},
		{"other indentation", above + "```go\nif true {\n  println(1)\n```", "is not in"},
		{"empty", above + "```go\n```", "is not in"},
		{"program with its end cut off", above + "```go\npackage main\n\nfunc main() {\n```", "goes on behind it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var faults []string
			for _, block := range goBlocks(test.text) {
				if fault := block.fault(tree); fault != "" {
					faults = append(faults, fault)
				}
			}
			checkFaults(t, faults, test.want)
		})
	}
}
