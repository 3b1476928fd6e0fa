package microroutetest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// answering returns a Client of an App that answers /x with this.
func answering(t *testing.T, status int, mimeType, body string, fields ...string) *microroutetest.Client {
	t.Helper()
	app := microroute.New()
	app.Get("/x", func(c *microroute.Context) string {
		c.Response.Status, c.Response.MIMEType = status, mimeType
		for i := 0; i < len(fields); i += 2 {
			c.Response.Header.Add(fields[i], fields[i+1])
		}
		return body
	})
	return microroutetest.New(t, app)
}

const teas = "Assam\nCeylon\nDarjeeling\nKeemun\nLapsang\nOolong\n"

func TestWant(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		want   func(*microroutetest.Response)
		report string
	}{
		"as wanted":          {200, "tea", func(r *microroutetest.Response) { r.Want(200, "tea") }, ""},
		"in parts":           {200, "a\nb\n", func(r *microroutetest.Response) { r.Want(200, "a\n", "b\n") }, ""},
		"any body":           {404, "tea", func(r *microroutetest.Response) { r.Want(404) }, ""},
		"an empty body":      {200, "", func(r *microroutetest.Response) { r.Want(200, "") }, ""},
		"a body for none":    {200, "tea", func(r *microroutetest.Response) { r.Want(200, "") }, `body: got "tea", want ""`},
		"the status":         {503, "", func(r *microroutetest.Response) { r.Want(200) }, `status: got 503 Service Unavailable, want 200 OK`},
		"an unknown status":  {299, "", func(r *microroutetest.Response) { r.Want(200) }, `status: got 299, want 200 OK`},
		"status and body":    {404, "milk", func(r *microroutetest.Response) { r.Want(200, "tea") }, "status: got 404 Not Found, want 200 OK\n    body: got \"milk\", want \"tea\""},
		"what came instead":  {404, "There is no such tea.", func(r *microroutetest.Response) { r.Want(200) }, "status: got 404 Not Found, want 200 OK\n    body: \"There is no such tea.\""},
		"a page instead":     {404, "<h1>\n404\n</h1>\n", func(r *microroutetest.Response) { r.Want(200) }, "status: got 404 Not Found, want 200 OK\n    body:\n        <h1>\n        404\n        </h1>"},
		"a long page":        {404, strings.Repeat("tea\n", 25), func(r *microroutetest.Response) { r.Want(200) }, "status: got 404 Not Found, want 200 OK\n    body:\n" + strings.Repeat("        tea\n", 20) + "        … 5 more lines"},
		"octets instead":     {404, "\x00\x01", func(r *microroutetest.Response) { r.Want(200) }, "status: got 404 Not Found, want 200 OK\n    body: 2 octets that are no text"},
		"a line":             {200, teas, func(r *microroutetest.Response) { r.Want(200, strings.Replace(teas, "Keemun", "Milk", 1)) }, "body (-want +got):\n          Assam\n          Ceylon\n          Darjeeling\n        - Milk\n        + Keemun\n          Lapsang\n          Oolong"},
		"white space":        {200, "tea \n", func(r *microroutetest.Response) { r.Want(200, "tea\n") }, `body: got "tea \n", want "tea\n"`},
		"the last line":      {200, teas[:len(teas)-1], func(r *microroutetest.Response) { r.Want(200, teas) }, "body (-want +got):\n        … 2 equal lines\n          Darjeeling\n          Keemun\n          Lapsang\n        - \"Oolong\\n\"\n        + \"Oolong\""},
		"octets":             {200, "GIF89a\x00\x01\x00\x02", func(r *microroutetest.Response) { r.Want(200, "GIF89a\x00\x01\x00\x01\x00") }, "body: got 10 octets, want 11 (-want +got):\n        - 00000000  47 49 46 38 39 61 00 01  00 01 00                 |GIF89a.....|\n        + 00000000  47 49 46 38 39 61 00 01  00 02                    |GIF89a....|"},
		"contains":           {200, teas, func(r *microroutetest.Response) { r.WantContains("Assam", "Keemun") }, ""},
		"contains not":       {200, "Assam, Ceylon", func(r *microroutetest.Response) { r.WantContains("Assam", "Earl Grey", "Milk") }, "body does not contain \"Earl Grey\"\n    body does not contain \"Milk\"\n    body: \"Assam, Ceylon\""},
		"contains nothing":   {200, "", func(r *microroutetest.Response) { r.WantContains("Milk") }, "body does not contain \"Milk\""},
		"in a chain, first":  {200, "tea", func(r *microroutetest.Response) { r.Want(201).WantContains("tea") }, "status: got 200 OK, want 201 Created\n    body: \"tea\""},
		"in a chain, second": {200, "tea", func(r *microroutetest.Response) { r.Want(200).WantContains("milk") }, "body does not contain \"milk\"\n    body: \"tea\""},
	} {
		t.Run(name, func(t *testing.T) {
			got := failures(t, answering(t, test.status, "", test.body), func(client *microroutetest.Client) {
				test.want(client.Get("/x"))
			})
			if test.report != "" {
				test.report = "GET /x\n    " + test.report
			}
			if got != test.report {
				t.Errorf("got the report\n%s\nwant\n%s", got, test.report)
			}
		})
	}
}

func TestWantHeader(t *testing.T) {
	client := answering(t, 200, "text/plain", "", "Vary", "Accept", "Vary", "Cookie", "Allow", "GET")
	for name, test := range map[string]struct {
		fields []string
		report string
	}{
		"as wanted":        {[]string{"Content-Type", "text/plain; charset=utf-8", "allow", "GET"}, ""},
		"all values":       {[]string{"Vary", "Accept", "Vary", "Cookie"}, ""},
		"none":             {[]string{"X-None", ""}, ""},
		"another value":    {[]string{"allow", "PUT"}, `Allow: got "GET", want "PUT"`},
		"one of values":    {[]string{"Vary", "Accept"}, `Vary: got "Accept" and "Cookie", want "Accept"`},
		"in another order": {[]string{"Vary", "Cookie", "Vary", "Accept"}, `Vary: got "Accept" and "Cookie", want "Cookie" and "Accept"`},
		"missing":          {[]string{"Location", "/"}, `Location: got none, want "/"`},
		"unwanted":         {[]string{"Allow", ""}, `Allow: got "GET", want none`},
		"several":          {[]string{"Location", "/", "Allow", "PUT"}, "Location: got none, want \"/\"\n    Allow: got \"GET\", want \"PUT\""},
	} {
		t.Run(name, func(t *testing.T) {
			got := failures(t, client, func(client *microroutetest.Client) { client.Get("/x").WantHeader(test.fields...) })
			if test.report != "" {
				test.report = "GET /x\n    " + test.report
			}
			if got != test.report {
				t.Errorf("%q: got the report\n%s\nwant\n%s", test.fields, got, test.report)
			}
		})
	}
	got := failures(t, client, func(client *microroutetest.Client) { client.Get("/x").WantHeader("Allow") })
	if want := "fields are names and values by turns, but \"Allow\" has no value\nthe test ends"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWantJSON(t *testing.T) {
	type tea struct {
		Name  string  `json:"name"`
		Price float64 `json:"price"`
	}
	const list = `{"teas": [{"name": "Assam", "price": 4}, {"name": "Ceylon", "price": 4.50}], "total": 2, "currency of prices": "EUR"}`
	for name, test := range map[string]struct {
		body   string
		want   any
		report string
	}{
		"a value":               {`{"price":4.0,"name":"Assam"}`, tea{"Assam", 4}, ""},
		"text":                  {list, "\n" + list, ""},
		"a string":              {`"tea"`, `"tea"`, ""},
		"null":                  {`null`, nil, ""},
		"numbers":               {`[1, 1.50, 0.25, 0, 1200, 1e2, 123456789012345678901, 1e40, 1e-40, -7, 10]`, `[1.0, 1.5, 25e-2, -0.0, 1.2e3, 100, 1.23456789012345678901e20, 10e39, 0.1e-39, -7.0, 1e1]`, ""},
		"large numbers":         {`9007199254740993`, `9007199254740992`, "JSON differs: got 9007199254740993, want 9007199254740992"},
		"almost equal":          {`0.1000000000000000055`, `0.1`, "JSON differs: got 0.1000000000000000055, want 0.1"},
		"how numbers are shown": {`[0.00015, 1e30, 12.5, -1500]`, `[]`, "JSON differs at [0]: got [0.00015,1e30,12.5,-1500], want []"},
		"a short one":           {`["Assam"]`, []string{"Assam", "Ceylon"}, `JSON differs at [1]: got ["Assam"], want ["Assam","Ceylon"]`},
		"another type":          {`[]`, `{}`, `JSON differs: got [], want {}`},
		"angle brackets":        {`"<b>"`, `"<i>"`, `JSON differs: got "<b>", want "<i>"`},
		"a member":              {`{"a":{"b":[{"c":1}]}}`, `{"a":{"b":[{"c":2}]}}`, `JSON differs at a.b[0].c: got {"a":{"b":[{"c":1}]}}, want {"a":{"b":[{"c":2}]}}`},
		"a missing member":      {`{"a":1}`, `{"a":1,"b":null}`, `JSON differs at b: got {"a":1}, want {"a":1,"b":null}`},
		"a member too many":     {`{"a":1,"0":1}`, `{"a":1}`, `JSON differs at 0: got {"0":1,"a":1}, want {"a":1}`},
		"a name that is none":   {`[{"a.b":{"":1}}]`, `[{"a.b":{"":2}}]`, `JSON differs at [0]["a.b"][""]: got [{"a.b":{"":1}}], want [{"a.b":{"":2}}]`},
		"a long one": {list, strings.Replace(list, "Ceylon", "Milk", 1), report(`JSON differs at teas[1].name (-want +got):
			        … 5 equal lines
			                "price": 4
			              },
			              {
			        -       "name": "Milk",
			        +       "name": "Ceylon",
			                "price": 4.5
			              }
			            ],
			        … 2 equal lines`)},
		"no JSON":         {`<h1>`, `{}`, "body is not JSON: invalid character '<' looking for beginning of value\n    body: \"<h1>\""},
		"cut off":         {`{"a":`, `{}`, "body is not JSON: unexpected EOF\n    body: \"{\\\"a\\\":\""},
		"nothing":         {``, `{}`, "body is not JSON: it is empty"},
		"something more":  {"{}\n{}", `{}`, "body is not JSON: there is something behind the value\n    body:\n        {}\n        {}"},
		"not in UTF-8":    {"\"\xff\"", `"\ufffd"`, "body is not JSON: it is not UTF-8\n    body: 3 octets that are no text"},
		"a wrong wish":    {`{}`, `{`, "GET /x: what is wanted is not JSON: unexpected EOF\nthe test ends"},
		"an unknown wish": {`{}`, func() {}, "GET /x: what is wanted is not JSON: json: unsupported type: func()\nthe test ends"},
	} {
		t.Run(name, func(t *testing.T) {
			got := failures(t, answering(t, 200, "application/json", test.body), func(client *microroutetest.Client) {
				client.Get("/x").WantJSON(200, test.want)
			})
			if test.report != "" && !strings.HasPrefix(test.report, "GET") {
				test.report = "GET /x\n    " + test.report
			}
			if got != test.report {
				t.Errorf("%s: got the report\n%s\nwant\n%s", test.body, got, test.report)
			}
		})
	}
}

// RFC 8259 section 11, RFC 6839 section 3.1.
func TestWantJSONAsWhatItIsSent(t *testing.T) {
	for contentType, isJSON := range map[string]bool{
		"application/json":                   true,
		"application/json; charset=utf-8":    true,
		"Application/Problem+JSON":           true,
		"text/html; charset=utf-8":           false,
		"application/jsonlines":              false,
		"application/json; charset=utf-8; x": false,
	} {
		got := failures(t, answering(t, 200, "", "{}", "Content-Type", contentType), func(client *microroutetest.Client) {
			client.Get("/x").WantJSON(200, "{}")
		})
		want := ""
		if !isJSON {
			want = fmt.Sprintf("GET /x\n    Content-Type: got %q, want JSON", contentType)
		}
		if got != want {
			t.Errorf("%s: got the report %q, want %q", contentType, got, want)
		}
	}
	got := failures(t, answering(t, 404, "text/html", "no"), func(client *microroutetest.Client) {
		client.Get("/x").WantJSON(200, "{}")
	})
	if want := report(`GET /x
			    status: got 404 Not Found, want 200 OK
			    Content-Type: got "text/html; charset=utf-8", want JSON
			    body is not JSON: invalid character 'o' in literal null (expecting 'u')
			    body: "no"`); got != want {
		t.Errorf("got the report\n%s\nwant\n%s", got, want)
	}
}
