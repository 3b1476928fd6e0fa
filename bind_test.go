package microroute_test

import (
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// Every handler that a rule can have gets its variables in order and by type, whether it is called directly or by
// reflection.
func TestVariablesArriveTyped(t *testing.T) {
	type name string
	for rule, test := range map[string]struct {
		handler      any
		target, want string
	}{
		"/<a>":               {func(_ *Context, a string) string { return a }, "/miui12.5", "miui12.5"},
		"/<string:a>":        {func(_ *Context, a string) string { return a }, "/5apple", "5apple"},
		"/<path:a>":          {func(_ *Context, a string) string { return a }, "/a/b/c", "a/b/c"},
		"/<custom=[a-c]+:a>": {func(_ *Context, a string) string { return a }, "/abc", "abc"},
		"/<int:a>":           {func(_ *Context, a int) string { return fmt.Sprint(a) }, "/007", "7"},
		"/int64/<int:a>":     {func(_ *Context, a int64) string { return fmt.Sprint(a) }, "/int64/9223372036854775807", "9223372036854775807"},
		"/<float:a>":         {func(_ *Context, a float64) string { return fmt.Sprint(a) }, "/.5", "0.5"},
		"/<int:a>/<a2>":      {func(_ *Context, a int, b string) string { return fmt.Sprintf("%d %s", a, b) }, "/1/b%2Fc", "1 b/c"},
		"/<a>/<float:b>/<int:c>": {func(_ *Context, a string, b float64, c int) string { return fmt.Sprintf("%s %g %d", a, b, c) },
			"/gr%C3%BCn/2.50/3", "grün 2.5 3"},
		"/<int:a>-<int:b>/<int:c>": {func(_ *Context, a, b, c int) (string, error) { return fmt.Sprint(a, b, c), nil }, "/1-2/3", "1 2 3"},
		"/m/<int:a>/<int64>":       {func(_ *Context, a int, b string) []byte { return fmt.Append(nil, a, b) }, "/m/1/2", "12"},
		"/<a>/<b>/<int:c>/<float:d>": {func(_ *Context, a, b string, c int64, d float64) string { return fmt.Sprint(a, b, c, d) },
			"/%20/%25/3/4", " %3 4"},
		"/any/<int:a>":   {func(_ *Context, a int) any { return a }, "/any/5", "5"},
		"/json/<int:a>":  {func(_ *Context, a int) []int { return []int{a} }, "/json/5", "[5]"},
		"/named/<a>":     {func(_ *Context, a string) name { return name(a) }, "/named/x", "x"},
		"/reader/<a>":    {func(_ *Context, a string) io.Reader { return strings.NewReader(a) }, "/reader/x", "x"},
		"/error/<a>":     {func(c *Context, a string) error { return c.Response.SendString(a) }, "/error/x", "x"},
		"/nothing/<a>":   {func(c *Context, a string) { c.Response.SendString(a) }, "/nothing/x", "x"},
		"/stream/<a>":    {func(_ *Context, a string) iter.Seq[string] { return func(y func(string) bool) { y(a) } }, "/stream/x", "x"},
		"/x/<a>.html/":   {func(_ *Context, a string) string { return a }, "/x/page.html", "page"},
		"/slash/<a>":     {func(_ *Context, a string) string { return a }, "/slash/page/", "page"},
		"/q/<a>":         {func(_ *Context, a string) string { return a }, "/q/a+b?c=d", "a+b"},
		"/sum/<int:a>,x": {func(_ *Context, a int) (int, error) { return a + 1, nil }, "/sum/1,x", "2"},
	} {
		t.Run(rule, func(t *testing.T) {
			app := microroute.New()
			app.Get(rule, test.handler)
			if got := microroutetest.New(t, app).Get(test.target); got.Status != 200 || got.Body != test.want {
				t.Errorf("GET %s: got %d %q, want %q", test.target, got.Status, got.Body, test.want)
			}
		})
	}
}

// A Handler takes the variables from the Context, so it fits every rule.
func TestHandlerFitsEveryRule(t *testing.T) {
	var handler microroute.Handler = func(c *Context) error { return c.Response.SendString(c.Rule() + " " + c.Var("a") + c.Var("b")) }
	app := microroute.New()
	for _, rule := range []string{"/", "/<a>", "/<int:a>/<float:b>"} {
		app.Get(rule, handler)
	}
	client := microroutetest.New(t, app)
	for target, want := range map[string]string{"/": "/ ", "/x": "/<string:a> x", "/007/1.50": "/<int:a>/<float:b> 0071.50"} {
		if got := client.Get(target).Body; got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}

func TestHandlersThatCannotBe(t *testing.T) {
	type typed func(*Context) string
	var none func(*Context) string
	for name, test := range map[string]struct {
		rule    string
		handler any
		want    string // in the mistake
	}{
		"nil":             {"/", nil, "the handler is a <nil>, not a function: make it func(*microroute.Context) (string, error)"},
		"no function":     {"/", 5, "the handler is a int, not a function"},
		"nil function":    {"/", none, "the handler is nil"},
		"nil, of a type":  {"/", typed(nil), "the handler is nil"},
		"no Context":      {"/", func() string { return "" }, "the handler is a func() string"},
		"another Context": {"/", func(*microroute.Request) string { return "" }, "make it func(*microroute.Context) (string, error)"},
		"variadic":        {"/<a>", func(*Context, ...string) string { return "" }, "make it func(*microroute.Context, string) (string, error)"},
		"too few":         {"/<a>/<int:b>", func(*Context, string) string { return "" }, "make it func(*microroute.Context, string, int) (string, error)"},
		"too many":        {"/<a>", func(*Context, string, int) string { return "" }, "make it func(*microroute.Context, string) (string, error)"},
		"wrong type":      {"/<int:n>", func(*Context, string) string { return "" }, `parameter 2 of the handler is string, but variable "n" is of type int`},
		"float for int":   {"/<int:n>", func(*Context, float64) string { return "" }, `parameter 2 of the handler is float64, but variable "n" is of type int`},
		"int for float":   {"/<float:n>", func(*Context, int) string { return "" }, `parameter 2 of the handler is int, but variable "n" is of type float`},
		"int32":           {"/<int:n>", func(*Context, int32) string { return "" }, `parameter 2 of the handler is int32`},
		"order":           {"/<a>/<int:b>", func(*Context, int, string) string { return "" }, `parameter 2 of the handler is int, but variable "a" is of type string`},
		"three results":   {"/", func(*Context) (string, string, error) { return "", "", nil }, "the handler returns 3 values"},
		"second no error": {"/", func(*Context) (string, int) { return "", 0 }, "the handler's second result is int: make it an error"},
		"two errors":      {"/", func(*Context) (error, error) { return nil, nil }, "the handler returns two errors"},
		//lint:ignore ST1008 the order is the mistake
		"error first":       {"/", func(*Context) (error, string) { return nil, "" }, "second result is string"},
		"channel":           {"/", func(*Context) chan int { return nil }, "result chan int cannot be a body"},
		"complex":           {"/", func(*Context) complex128 { return 0 }, "result complex128 cannot be a body"},
		"function":          {"/", func(*Context) func() { return nil }, "result func() cannot be a body"},
		"sequence of ints":  {"/", func(*Context) iter.Seq[int] { return nil }, "cannot be a body"},
		"concrete error":    {"/", func(*Context) *microroute.Error { return nil }, "make it error"},
		"rule":              {"/<itn:x>", func(*Context, int) string { return "" }, `unknown type "itn"`},
		"regular expresion": {"/<custom=(:x>", func(*Context, string) string { return "" }, "missing closing )"},
	} {
		t.Run(name, func(t *testing.T) {
			app := microroute.New()
			app.Get(test.rule, test.handler)
			err := app.Prepare()
			if err == nil {
				t.Fatal("got no mistake")
			}
			if got := err.Error(); !strings.Contains(got, test.want) || !strings.HasPrefix(got, "microroute: bind_test.go:") ||
				!strings.Contains(got, "GET "+test.rule) {
				t.Errorf("got %q, want it to say where, GET %s and %q", got, test.rule, test.want)
			}
			if _, again := app.Start("127.0.0.1:0"); again == nil || again.Error() != err.Error() {
				t.Errorf("Start returns %v, want the same mistake", again)
			}
			if again := app.Run("127.0.0.1:0"); again == nil || again.Error() != err.Error() {
				t.Errorf("Run returns %v, want the same mistake", again)
			}
		})
	}
}

// All mistakes are reported together, each with the place where it was made.
func TestMistakesAreReportedTogether(t *testing.T) {
	app := microroute.New(microroute.Config{}, microroute.Config{})
	handler := func(*Context) string { return "" }
	app.Get("/a/<int:x>", handler)
	app.Group("/b").With().Post("/<nope:x>", handler)
	app.Handle("GET,BAD METHOD", "/c", handler)
	app.ErrorPage(200, handler)
	app.ErrorPage(404, 5)
	app.ErrorPage(500, handler)
	app.ErrorPage(500, handler)
	app.Get("/d", handler)
	app.Get("/d/", handler)
	app.Get("/<int:x>/e", func(*Context, int) {})
	app.Get("/<int:y>/e", func(*Context, int) {})
	app.Handle("*", "/f", handler)
	app.Handle("*", "/f", handler)
	err := app.Prepare()
	if err == nil {
		t.Fatal("got no mistakes")
	}
	got := strings.Split(err.Error(), "\n\t")
	want := []string{
		"microroute: 9 mistakes:",
		"New takes one Config, not 2",
		"GET /a/<int:x>: ",
		"POST /<nope:x>: ",
		`BAD METHOD /c: "BAD METHOD" is no method`,
		"ErrorPage(200): an error has a status from 400 to 599",
		"ErrorPage(404): the handler is a int",
		"ErrorPage(500): there is one already",
		"GET /d/: router: rule already taken: GET /d",
		"GET /<int:y>/e: router: rule already taken: GET /<int:y>/e (as /<int:x>/e)",
		"/f: router: rule already taken: any method /f",
	}
	want[0] = fmt.Sprintf("microroute: %d mistakes:", len(want)-1)
	if len(got) != len(want) {
		t.Fatalf("got %d lines, want %d: %v", len(got), len(want), err)
	}
	place := regexp.MustCompile(`^bind_test\.go:\d+: `)
	for i := range want {
		text := place.ReplaceAllString(got[i], "")
		if !strings.HasPrefix(text, want[i]) || i > 0 && text == got[i] {
			t.Errorf("line %d: got %q, want the file, the line and %q", i, got[i], want[i])
		}
	}
}

// A comma too many is a mistake, not a route for every method.
func TestEmptyMethodAmongOthers(t *testing.T) {
	for _, methods := range []string{"", "GET,", ",GET", "GET,,POST", "GET, ,POST"} {
		app := microroute.New()
		app.Handle(methods, "/", func(*Context) {})
		if err := app.Prepare(); err == nil {
			t.Errorf("Handle(%q): got no mistake", methods)
		}
	}
}

func TestSameRuleOfSeveralMethods(t *testing.T) {
	app := microroute.New()
	app.Get("/x", func(*Context) string { return "get" })
	app.Post("/x", func(*Context) string { return "post" })
	app.Handle("*", "/x", func(*Context) string { return "any" })
	app.Handle("put, delete", "/x/", func(c *Context) string { return c.Request.Method })
	client := microroutetest.New(t, app)
	for method, want := range map[string]string{"GET": "get", "POST": "post", "PUT": "PUT", "DELETE": "DELETE", "PATCH": "any", "BREW": "any"} {
		if got := client.Do(method, "/x", "", ""); got.Body != want {
			t.Errorf("%s: got %q, want %q", method, got.Body, want)
		}
	}
}

func TestSettingUpAfterTheStartPanics(t *testing.T) {
	handler := func(*Context) {}
	for name, change := range map[string]func(app *microroute.App){
		"Get":       func(app *microroute.App) { app.Get("/", handler) },
		"Handle":    func(app *microroute.App) { app.Handle("GET", "/", handler) },
		"Use":       func(app *microroute.App) { app.Use() },
		"Group":     func(app *microroute.App) { app.Group("/a") },
		"With":      func(app *microroute.App) { app.With() },
		"Before":    func(app *microroute.App) { app.Before(nil) },
		"After":     func(app *microroute.App) { app.After(nil) },
		"OnError":   func(app *microroute.App) { app.OnError(nil) },
		"ErrorPage": func(app *microroute.App) { app.ErrorPage(404, handler) },
	} {
		t.Run(name, func(t *testing.T) {
			app := microroute.New()
			if err := app.Prepare(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				text := fmt.Sprint(recover())
				if !strings.HasPrefix(text, "microroute: ") || !strings.Contains(text, "after the App has started") {
					t.Errorf("got panic %q, want one that says it is too late", text)
				}
			}()
			change(app)
		})
	}
}
