package views

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"text/template/parse"
)

// source is the templates of a file system, each parsed by itself.
type source struct {
	config   Config
	files    map[string]*file
	partials map[string][]*file // by what they define
	broken   error              // what is wrong with partials: it may be wrong with any page
}

type file struct {
	name  string        // with slashes and suffix
	trees []*parse.Tree // the text of the file itself, under its name, and what it defines, in the order of the names
	bare  bool          // it has no text of its own
	err   error
}

// read parses all templates. Its error is one of the file system, or that there are none; mistakes in a template are
// kept with it.
func read(fsys fs.FS, config Config) (*source, error) {
	s := &source{config: config, files: map[string]*file{}, partials: map[string][]*file{}}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir() && strings.HasSuffix(name, config.Suffix):
			text, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			s.add(parseFile(name, string(text), config.Funcs))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("views: %w", err)
	}
	if len(s.files) == 0 {
		return nil, fmt.Errorf("views: no file *%s", config.Suffix)
	}
	return s, nil
}

// parseFile takes a byte order mark for what it is: text in front of the first definition would make a page complete.
func parseFile(name, text string, funcs template.FuncMap) *file {
	text = strings.TrimPrefix(text, "\ufeff")
	t, err := template.New(name).Funcs(funcs).Parse(text)
	if err != nil {
		return &file{name: name, err: fmt.Errorf("views: %w", err)}
	}
	f := &file{name: name, bare: parse.IsEmptyTree(t.Tree.Root)}
	for _, defined := range t.Templates() {
		f.trees = append(f.trees, defined.Tree)
	}
	slices.SortFunc(f.trees, func(a, b *parse.Tree) int { return strings.Compare(a.Name, b.Name) })
	return f
}

func (s *source) add(f *file) {
	s.files[f.name] = f
	if !isPartial(f.name) {
		return
	}
	s.broken = errors.Join(s.broken, f.err)
	for _, tree := range f.trees {
		s.partials[tree.Name] = append(s.partials[tree.Name], f)
	}
}

func isPartial(name string) bool {
	return slices.Contains(strings.Split(path.Dir(name), "/"), "partials")
}

func (s *source) isPage(name string) bool {
	return !isPartial(name) && path.Base(name) != s.layoutName()
}

func (s *source) layoutName() string { return "layout" + s.config.Suffix }

// layoutOf returns the layout for the page or layout called name, nil if there is none.
func (s *source) layoutOf(name string) *file {
	dir := path.Dir(name)
	if path.Base(name) == s.layoutName() {
		if dir == "." {
			return nil
		}
		dir = path.Dir(dir)
	}
	for {
		if layout, ok := s.files[path.Join(dir, s.layoutName())]; ok {
			return layout
		}
		if dir == "." {
			return nil
		}
		dir = path.Dir(dir)
	}
}

// pages makes all pages. Its error joins the mistakes in all files, each once: one in a layout is one of all its pages.
func (s *source) pages() (map[string]*template.Template, error) {
	pages := map[string]*template.Template{}
	var all mistakes
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		all.add(s.files[name].err)
		if s.isPage(name) {
			page, err := s.page(name)
			all.add(err)
			pages[name] = page
		}
	}
	return pages, all.join()
}

// mistakes are errors that differ in their text.
type mistakes []error

func (m *mistakes) add(err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			m.add(err)
		}
		return
	}
	if err != nil && !slices.ContainsFunc(*m, func(e error) bool { return e.Error() == err.Error() }) {
		*m = append(*m, err)
	}
}

func (m mistakes) join() error { return errors.Join(m...) }
