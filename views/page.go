package views

import (
	"errors"
	"fmt"
	"html/template"
	"iter"
	"slices"
	"strconv"
	"text/template/parse"
)

// page makes the page of the file called name.
func (s *source) page(name string) (*template.Template, error) {
	f, ok := s.files[name]
	if !ok || !s.isPage(name) {
		return nil, fmt.Errorf("%w: %s", ErrNoPage, name)
	}
	if s.broken != nil {
		return nil, s.broken
	}
	l := linker{source: s, linked: map[string]bool{}}
	top := l.addWithLayouts(f)
	l.addCalled()
	if err := l.mistakes.join(); err != nil {
		return nil, err
	}
	return l.link(top)
}

// linker collects the templates that a page needs. Of those with the same name it takes the first.
type linker struct {
	source   *source
	trees    []*parse.Tree
	linked   map[string]bool // the names of trees
	mistakes mistakes
}

// addWithLayouts adds a page and, as long as they are bare, the layouts around it. It returns the outermost, which is
// where the page begins.
func (l *linker) addWithLayouts(f *file) (top *file) {
	for {
		l.add(f)
		if !f.bare {
			return f
		}
		layout := l.source.layoutOf(f.name)
		if layout == nil {
			l.mistakes.add(fmt.Errorf("views: %s: only definitions, and no %s to show them", f.name, l.source.layoutName()))
			return f
		}
		f = layout
	}
}

func (l *linker) add(f *file) {
	l.mistakes.add(f.err)
	for _, tree := range f.trees {
		if !l.linked[tree.Name] {
			l.linked[tree.Name] = true
			l.trees = append(l.trees, tree)
		}
	}
}

// addCalled adds the files of all templates that those collected call, and that these call, and so on. Calls of what is
// nowhere defined are left to html/template to complain about.
func (l *linker) addCalled() {
	for i := 0; i < len(l.trees); i++ { // trees grows
		tree := l.trees[i]
		for call := range calls(tree.Root) {
			f, isFile := l.source.files[call.Name]
			definers := l.source.partials[call.Name]
			switch {
			case l.linked[call.Name]:
			case isFile:
				l.add(f)
			case len(definers) == 1:
				l.add(definers[0])
			case len(definers) > 1:
				where, _ := tree.ErrorContext(call)
				l.mistakes.add(fmt.Errorf("views: %s: %q is defined in %s and in %s",
					where, call.Name, definers[0].name, definers[1].name))
			}
		}
	}
}

// link makes one template of those collected. It has html/template look through all of them for what they call and
// where they put it, which otherwise it would do for the first visitor.
func (l *linker) link(top *file) (*template.Template, error) {
	const probe = ""
	t, err := template.New(probe).Funcs(l.source.config.Funcs).Parse("-{{template " + strconv.Quote(top.name) + " .}}")
	if err != nil {
		return nil, fmt.Errorf("views: %w", err)
	}
	for _, tree := range l.trees {
		if _, err := t.AddParseTree(tree.Name, tree.Copy()); err != nil {
			return nil, fmt.Errorf("views: %w", err)
		}
	}
	err = t.Execute(refusal{}, nil)
	if err != errRefused {
		if mistake, ok := errors.AsType[*template.Error](err); ok && mistake.Name == probe {
			mistake.Name = top.name
		}
		return nil, fmt.Errorf("views: %w", err)
	}
	return t.Lookup(top.name), nil
}

// refusal ends the execution of a template at its first octet.
type refusal struct{}

var errRefused = errors.New("views: not to be written")

func (refusal) Write([]byte) (int, error) { return 0, errRefused }

// calls yields the {{template}} nodes below a node in their order. A {{block}} is one too.
func calls(node parse.Node) iter.Seq[*parse.TemplateNode] {
	return func(yield func(*parse.TemplateNode) bool) { visit(node, yield) }
}

func visit(node parse.Node, yield func(*parse.TemplateNode) bool) bool {
	switch node := node.(type) {
	case *parse.TemplateNode:
		return yield(node)
	case *parse.ListNode:
		return node == nil || !slices.ContainsFunc(node.Nodes, func(n parse.Node) bool { return !visit(n, yield) })
	case *parse.IfNode:
		return visit(node.List, yield) && visit(node.ElseList, yield)
	case *parse.RangeNode:
		return visit(node.List, yield) && visit(node.ElseList, yield)
	case *parse.WithNode:
		return visit(node.List, yield) && visit(node.ElseList, yield)
	}
	return true
}
