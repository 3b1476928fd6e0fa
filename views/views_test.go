package views_test

import (
	"errors"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/views"
)

var _ microroute.Renderer = (*views.Views)(nil)

// tree makes a file system of names and contents.
func tree(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// site has a page for each way to put pages together.
var site = map[string]string{
	"layout.html": `({{block "title" .}}site{{end}}|{{template "content" .}}|` +
		`{{template "partials/foot.html" .}})`,
	"home.html":            `{{define "content"}}home of {{.}}{{end}}`,
	"about.html":           `{{/* a comment is no text */}}` + "\n" + `{{define "title"}}about{{end}}{{define "content"}}us{{end}}`,
	"untitled.html":        `{{define "title"}}{{end}}{{define "content"}}-{{end}}`,
	"marked.html":          "\ufeff" + `{{define "content"}}marked{{end}}`,
	"plain.html":           `just {{.}}`,
	"tree.html":            `({{range .}}{{template "tree.html" .}}{{end}})`,
	"invoice.html":         `{{template "print/layout.html" .}}{{define "content"}}total{{end}}`,
	"form.html":            `{{define "content"}}{{template "input" .}}{{end}}`,
	"own.html":             `{{define "content"}}{{template "input" .}}{{end}}{{define "input"}}own input{{end}}`,
	"deep.html":            `{{if not .}}{{range .}}{{else}}{{with .}}{{else}}{{template "deep"}}{{end}}{{end}}{{end}}`,
	"print/layout.html":    `[{{block "title" .}}print{{end}}|{{block "content" .}}nothing{{end}}]`,
	"print/list.html":      `{{define "content"}}list{{end}}`,
	"print/empty.html":     ``,
	"shop/cart.html":       `{{define "content"}}cart{{end}}`,
	"admin/layout.html":    `{{define "title"}}admin{{end}}{{define "content"}}menu, {{template "panel" .}}{{end}}`,
	"admin/users.html":     `{{define "panel"}}users{{end}}`,
	"admin/log/today.html": `{{define "title"}}log{{end}}{{define "panel"}}today{{end}}`,
	"partials/foot.html":   `foot`,
	"partials/forms.html":  `{{define "input"}}input, {{template "label" .}}{{end}}{{define "label"}}label{{end}}`,
	"admin/partials/d.htm": `{{define "unread"`,
	"shop/partials/d.html": `{{define "deep"}}found{{end}}`,
	".hidden.html":         `{{broken`,
	".git/x.html":          `{{broken`,
	"notes.txt":            `{{broken`,
}

func TestPages(t *testing.T) {
	pages, err := views.New(tree(site))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"home":            "(site|home of &lt;you&gt;|foot)",
		"about":           "(about|us|foot)",
		"untitled":        "(|-|foot)", // an empty definition is one
		"marked":          "(site|marked|foot)",
		"plain":           "just &lt;you&gt;",
		"invoice":         "[print|total]",
		"print/list":      "[print|list]",
		"print/empty":     "[print|nothing]",
		"shop/cart":       "(site|cart|foot)",
		"admin/users":     "(admin|menu, users|foot)",
		"admin/log/today": "(log|menu, today|foot)",
		"form":            "(site|input, label|foot)",
		"own":             "(site|own input|foot)",
	} {
		if got, err := render(pages, name, "<you>"); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
	for name, test := range map[string]struct {
		data any
		want string
	}{
		"tree": {[]any{[]any{}, []any{[]any{}}}, "(()(()))"},
		"deep": {nil, "found"},
	} {
		if got, err := render(pages, name, test.data); got != test.want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, test.want)
		}
	}
}

func TestNoPage(t *testing.T) {
	for _, config := range []views.Config{{}, {Development: true}} {
		pages, err := views.New(tree(site), config)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"", "nothing", "home.html", "layout", "admin/layout", "partials/foot", "shop/partials/d",
			"notes.txt", ".hidden", "admin", "../home", "/home", "Home"} {
			if got, err := render(pages, name, nil); !errors.Is(err, views.ErrNoPage) || got != "" {
				t.Errorf("%q: got %q, %v, want ErrNoPage", name, got, err)
			}
		}
	}
}

// Each text goes out as the place where it stands needs it.
func TestEscaping(t *testing.T) {
	const page = `<a href="/?q={{.}}" title={{.}} onclick="f({{.}})">{{.}}</a><script>x={{.}}</script>`
	pages, err := views.New(tree(map[string]string{"a.html": page}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := render(pages, "a", `</a>"&`)
	want := `<a href="/?q=%3c%2fa%3e%22%26" title=&lt;/a&gt;&#34;&amp; ` +
		`onclick="f(&#34;\u003c/a\u003e\&#34;\u0026&#34;)">` +
		`&lt;/a&gt;&#34;&amp;</a><script>x="\u003c/a\u003e\"\u0026"</script>`
	if got != want || err != nil {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
}

func TestConfig(t *testing.T) {
	fsys := tree(map[string]string{
		"layout.tmpl": `({{template "content" .}})`,
		"home.tmpl":   `{{define "content"}}{{shout .}}{{end}}`,
		"home.html":   `{{broken`,
	})
	pages, err := views.New(fsys, views.Config{Suffix: ".tmpl", Funcs: template.FuncMap{"shout": strings.ToUpper}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := render(pages, "home", "hey"); got != "(HEY)" || err != nil {
		t.Errorf("got %q, %v, want (HEY)", got, err)
	}
	if _, err := views.New(fsys, views.Config{Suffix: ".tmpl"}, views.Config{}); err == nil {
		t.Error("New took two Configs, want an error")
	}
}

// Every mistake is reported at once, on a line of its own, and once though several pages have it.
func TestMistakes(t *testing.T) {
	_, err := views.New(tree(map[string]string{
		"layout.html":       "<main>\n{{template \"content\" .}}</main>\n{{template \"partials/nowhere.html\" .}}",
		"a.html":            `{{define "content"}}a{{end}}`,
		"b.html":            `{{define "content"}}b{{end}}`,
		"syntax.html":       "<p>\n\n{{if}}",
		"function.html":     "\n{{shout .}}",
		"call.html":         "<p>\n{{template \"unknown\" .}}",
		"context.html":      "<script>var s = `{{.}}",
		"twice.html":        "x {{template \"button\" .}}",
		"partials/one.html": `{{define "button"}}1{{end}}`,
		"partials/two.html": `{{define "button"}}2{{end}}`,
		"good.html":         `fine`,
	}))
	want := []string{
		`views: html/template:layout.html:3:11: no such template "partials/nowhere.html"`,
		`views: html/template:call.html:2:11: no such template "unknown"`,
		`views: html/template:context.html: ends in a non-text context: `,
		`views: template: function.html:2: function "shout" not defined`,
		`views: template: syntax.html:3: missing value for if`,
		`views: twice.html:1:13: "button" is defined in partials/one.html and in partials/two.html`,
	}
	checkMistakes(t, err, want)

	_, err = views.New(tree(map[string]string{"a/layout.html": "a", "bare.html": `{{define "content"}}{{end}}`}))
	checkMistakes(t, err, []string{"views: bare.html: only definitions, and no layout.html to show them"})

	_, err = views.New(tree(map[string]string{"layout.html": `{{define "content"}}{{end}}`, "a/b.html": ""}))
	checkMistakes(t, err, []string{"views: layout.html: only definitions, and no layout.html to show them"})

	_, err = views.New(tree(map[string]string{"a.html": "a", "b.html": "b", "partials/x.html": "{{end}}",
		"partials/y.html": "{{"}))
	checkMistakes(t, err, []string{
		"views: template: partials/x.html:1: unexpected {{end}}",
		"views: template: partials/y.html:1: unclosed action",
	})
}

// checkMistakes compares the lines of err, in any order, by their beginnings.
func checkMistakes(t *testing.T, err error, want []string) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want %q", want)
	}
	lines := strings.Split(err.Error(), "\n")
	for _, line := range want {
		found := 0
		for _, got := range lines {
			if strings.HasPrefix(got, line) {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d times in the error: %s", found, line)
		}
	}
	if len(lines) != len(want) || t.Failed() {
		t.Errorf("got %d mistakes, want %d:\n%v", len(lines), len(want), err)
	}
}

func TestNoTemplates(t *testing.T) {
	for name, fsys := range map[string]fs.FS{
		"empty":          fstest.MapFS{},
		"other suffixes": tree(map[string]string{"a.txt": "a", "b.htm": "b"}),
		"no directory":   os.DirFS(filepath.Join(t.TempDir(), "nothing")),
	} {
		if _, err := views.New(fsys); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// An error in the middle of a page leaves nothing of it.
func TestErrorWritesNothing(t *testing.T) {
	pages, err := views.New(tree(map[string]string{
		"layout.html": "<p>{{template \"content\" .}}</p>",
		"home.html":   "{{define \"content\"}}much text\n{{.Name.First}}{{end}}",
	}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := render(pages, "home", struct{ Name string }{"x"})
	if got != "" || err == nil || !strings.Contains(err.Error(), "home.html:2:7") {
		t.Errorf("got %q, %v, want nothing and an error at home.html:2:7", got, err)
	}
}

func TestErrorOfWriter(t *testing.T) {
	pages, err := views.New(tree(map[string]string{"a.html": "text"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := pages.Render(gone{}, "a", nil); err != errGone {
		t.Errorf("got %v, want %v", err, errGone)
	}
}

var errGone = errors.New("client is gone")

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errGone }

// Nothing of the program runs before there is data.
func TestFuncsWaitForData(t *testing.T) {
	calls := 0
	count := func() int { calls++; return calls }
	fsys := tree(map[string]string{"a.html": "{{count}}"})
	pages, err := views.New(fsys, views.Config{Funcs: template.FuncMap{"count": count}})
	if err != nil || calls != 0 {
		t.Fatalf("New called %d functions, %v, want none", calls, err)
	}
	if got, err := render(pages, "a", nil); got != "1" || err != nil {
		t.Errorf("got %q, %v, want 1", got, err)
	}
}

func TestDevelopment(t *testing.T) {
	fsys := tree(map[string]string{
		"layout.html":       `({{template "content" .}})`,
		"a.html":            `{{define "content"}}a, {{template "name" .}}{{end}}`,
		"b.html":            `b`,
		"partials/all.html": `{{define "name"}}one{{end}}`,
	})
	pages, err := views.New(fsys, views.Config{Development: true})
	if err != nil {
		t.Fatal(err)
	}
	fixed, err := views.New(fsys)
	if err != nil {
		t.Fatal(err)
	}
	check := func(name, want, mistake string) {
		t.Helper()
		got, err := render(pages, name, nil)
		if got != want || (err == nil) != (mistake == "") || err != nil && !strings.Contains(err.Error(), mistake) {
			t.Errorf("%s: got %q, %v, want %q and an error with %q", name, got, err, want, mistake)
		}
	}
	edit := func(name, text string) { fsys[name] = &fstest.MapFile{Data: []byte(text)} }

	check("a", "(a, one)", "")
	edit("partials/all.html", `{{define "name"}}two{{end}}`)
	check("a", "(a, two)", "")
	edit("layout.html", `[{{template "content" .}}]`)
	check("a", "[a, two]", "")
	edit("new.html", `new`)
	check("new", "new", "")
	edit("a.html", "\n{{if")
	check("a", "", "a.html:2")
	check("b", "b", "") // has nothing to do with a
	edit("a.html", `{{define "content"}}{{template "nobody" .}}{{end}}`)
	check("a", "", `a.html:1:31: no such template "nobody"`)
	edit("a.html", `{{define "content"}}again{{end}}`)
	check("a", "[again]", "")
	edit("partials/all.html", `{{define`)
	check("b", "", "partials/all.html:1")
	delete(fsys, "partials/all.html")
	check("b", "b", "")
	delete(fsys, "b.html")
	check("b", "", "no such page: b.html")

	if got, err := render(fixed, "a", nil); got != "(a, one)" || err != nil {
		t.Errorf("without Development: got %q, %v, want what New read", got, err)
	}
}

func TestConcurrentUse(t *testing.T) {
	for _, config := range []views.Config{{}, {Development: true}} {
		pages, err := views.New(tree(site), config)
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				for name, want := range map[string]string{"about": "(about|us|foot)", "form": "(site|input, label|foot)"} {
					if got, err := render(pages, name, nil); got != want || err != nil {
						t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
					}
				}
			})
		}
		wait.Wait()
	}
}

func render(pages *views.Views, name string, data any) (string, error) {
	var text strings.Builder
	err := pages.Render(&text, name, data)
	return text.String(), err
}

func BenchmarkRender(b *testing.B) {
	for name, config := range map[string]views.Config{"ready": {}, "development": {Development: true}} {
		b.Run(name, func(b *testing.B) {
			pages, err := views.New(tree(site), config)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := render(pages, "admin/users", nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
