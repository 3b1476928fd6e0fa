package main

import (
	"fmt"
	"go/scanner"
	"go/token"
	"html/template"
	"io/fs"
	"strings"
)

// snippets is the code of the demos by their names.
type snippets map[string]snippet

// snippet is code that stands between "// demo: name" and "// end". Several such pieces with the same name are one
// snippet, with an empty line between them.
type snippet struct {
	File string
	Code string
}

const (
	demoMark = "// demo: "
	endMark  = "// end"
)

// readSnippets cuts the snippets out of the Go files at the root of files, tests excluded.
func readSnippets(files fs.FS) (snippets, error) {
	names, err := fs.Glob(files, "*.go")
	if err != nil {
		return nil, err
	}
	all := snippets{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := all.cut(name, string(text)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// cut adds the snippets of one file.
func (s snippets) cut(file, text string) error {
	var open string // the demo whose code is being read
	var lines []string
	for line := range strings.Lines(text) {
		mark := strings.TrimSpace(line)
		name, begins := strings.CutPrefix(mark, demoMark)
		switch {
		case begins && open != "":
			return fmt.Errorf("%s: demo %s begins in demo %s", file, name, open)
		case begins:
			open, lines = name, nil
		case mark == endMark && open == "":
			return fmt.Errorf("%s: an end without a demo", file)
		case mark == endMark:
			s.add(open, file, dedent(lines))
			open = ""
		case open != "":
			lines = append(lines, line)
		}
	}
	if open != "" {
		return fmt.Errorf("%s: demo %s does not end", file, open)
	}
	return nil
}

func (s snippets) add(name, file, code string) {
	if first, ok := s[name]; ok {
		code = first.Code + "\n" + code
	}
	s[name] = snippet{file, code}
}

// dedent removes the tabs that all lines begin with, and empty lines around them.
func dedent(lines []string) string {
	tabs := -1
	for _, line := range lines {
		if own := len(line) - len(strings.TrimLeft(line, "\t")); line != "\n" && (tabs < 0 || own < tabs) {
			tabs = own
		}
	}
	var code strings.Builder
	for _, line := range lines {
		code.WriteString(line[min(tabs, len(line)-1):])
	}
	return strings.Trim(code.String(), "\n") + "\n"
}

// named returns the snippet of a demo.
func (s snippets) named(demo string) (snippet, error) {
	one, ok := s[demo]
	if !ok {
		return snippet{}, fmt.Errorf("no code is marked with %q", demoMark+demo)
	}
	return one, nil
}

// HTML returns the code with elements around what is to be coloured.
func (s snippet) HTML() template.HTML {
	var html strings.Builder
	var lexer scanner.Scanner
	source := token.NewFileSet().AddFile(s.File, -1, len(s.Code))
	lexer.Init(source, []byte(s.Code), nil, scanner.ScanComments)
	done := 0
	for {
		pos, tok, text := lexer.Scan()
		if tok == token.EOF {
			break
		}
		if class := colour(tok); class != "" {
			start := source.Offset(pos)
			html.WriteString(template.HTMLEscapeString(s.Code[done:start]))
			fmt.Fprintf(&html, `<span class="%s">%s</span>`, class, template.HTMLEscapeString(text))
			done = start + len(text)
		}
	}
	html.WriteString(template.HTMLEscapeString(s.Code[done:]))
	return template.HTML(html.String())
}

// colour returns the class of a token's element, "" for none.
func colour(tok token.Token) string {
	switch {
	case tok.IsKeyword():
		return "word"
	case tok == token.STRING || tok == token.CHAR:
		return "text"
	case tok == token.INT || tok == token.FLOAT:
		return "number"
	case tok == token.COMMENT:
		return "comment"
	}
	return ""
}
