package microroute_test

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// field is a field or, with a name, a file of a multipart form.
type field struct{ name, fileName, value string }

// multipartOf returns a form with these fields, and its media type.
func multipartOf(t testing.TB, fields ...field) (contentType, body string) {
	t.Helper()
	var b strings.Builder
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		disposition := fmt.Sprintf("form-data; name=%q", f.name)
		header := textproto.MIMEHeader{}
		if f.fileName != "" {
			disposition += fmt.Sprintf("; filename=%q", f.fileName)
			header.Set("Content-Type", "image/tea")
		}
		header.Set("Content-Disposition", disposition)
		part, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, f.value)
	}
	w.Close()
	return w.FormDataContentType(), b.String()
}

// describe tells what is in a form.
func describe(form *microroute.Form) (string, error) {
	var b strings.Builder
	for name, value := range form.All() {
		fmt.Fprintf(&b, "%s=%v(%T) ", name, value, value)
	}
	for _, file := range form.Files() {
		content, err := file.Open()
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(content)
		if err := errors.Join(err, content.Close()); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s=%s:%s:%d:%.10s ", file.Field, file.Name, file.ContentType, file.Size, text)
	}
	return strings.TrimSpace(b.String()), nil
}

func TestForm(t *testing.T) {
	multipartType, multipartBody := multipartOf(t, field{"tea", "", "Earl Grey"}, field{"extra", "", "milk"},
		field{"pic", "a.png", "leaves"}, field{"extra", "", "sugar"}, field{"pic", "../b/c.png", "cup"})
	namesType, names := multipartOf(t, field{"pic", `C:\tea\d.png`, "1"}, field{"pic", "tea/", "2"}, field{"pic", "../..", "3"},
		field{"pic", `\/`, "4"})
	app := microroute.New()
	app.Post("/", func(c *Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		if again, err := c.Request.Form(); again != form || err != nil {
			t.Errorf("the second Form returns another form or error %v", err)
		}
		return describe(form)
	})
	client := microroutetest.New(t, app)
	const encoded, asJSON = "application/x-www-form-urlencoded", "application/json"
	for name, test := range map[string]struct{ contentType, body, want string }{
		"urlencoded":             {encoded, "tea=Earl+Grey&extra=milk&extra=s%C3%BC%26%3D&flag", "tea=Earl Grey(string) extra=milk(string) extra=sü&=(string) flag=(string)"},
		"with a charset":         {encoded + "; charset=UTF-8", "a=b", "a=b(string)"},
		"type in capitals":       {"Application/X-WWW-Form-URLEncoded", "a=b", "a=b(string)"},
		"urlencoded, empty":      {encoded, "", ""},
		"urlencoded, bad":        {encoded, "a=%zz&=&&b", "a=%zz(string) =(string) b=(string)"},
		"JSON":                   {asJSON, `{"b": "x", "a": [1, "two"], "c": null, "d": {"e": true}}`, "a=[1 two]([]interface {}) b=x(string) c=<nil>(<nil>) d=map[e:true](map[string]interface {})"},
		"JSON, empty object":     {asJSON, `{}`, ""},
		"multipart":              {multipartType, multipartBody, "tea=Earl Grey(string) extra=milk(string) extra=sugar(string) pic=a.png:image/tea:6:leaves pic=c.png:image/tea:3:cup"},
		"names with directories": {namesType, names, "pic=4(string) pic=d.png:image/tea:1:1 pic=tea:image/tea:1:2 pic=..:image/tea:1:3"},
		"other type":             {"text/plain", "a=b", ""},
		"no type":                {"", "a=b", ""},
		"malformed type":         {"application/json; a", `{"a": 1}`, ""},
	} {
		if got := client.Post("/", test.contentType, test.body); got.Status != 200 || got.Body != test.want {
			t.Errorf("%s: got %d %q, want %q", name, got.Status, got.Body, test.want)
		}
	}
}

func TestFormThatIsBad(t *testing.T) {
	multipartType, multipartBody := multipartOf(t, field{"tea", "", "Assam"}, field{"pic", "a.png", "leaves"})
	manyType, many := multipartOf(t, make([]field, 1001)...)
	app := microroute.New()
	app.Post("/form", func(c *Context) error {
		_, err := c.Request.Form()
		if _, again := c.Request.Form(); !errors.Is(again, err) {
			t.Errorf("got error %v, then %v, want the same", err, again)
		}
		return err
	})
	app.Post("/parts", func(c *Context) error {
		for part, err := range c.Request.Parts() {
			if err != nil {
				return err
			}
			if _, err := io.Copy(io.Discard, part); err != nil {
				return err
			}
		}
		return nil
	})
	client := microroutetest.New(t, app)
	for name, test := range map[string]struct {
		contentType, body string
		form, parts       int // status
	}{
		"whole":             {multipartType, multipartBody, 200, 200},
		"no boundary":       {"multipart/form-data", multipartBody, 400, 400},
		"other boundary":    {"multipart/form-data; boundary=other", multipartBody, 400, 400},
		"cut off":           {multipartType, multipartBody[:len(multipartBody)-10], 400, 400},
		"cut off in a file": {multipartType, multipartBody[:strings.Index(multipartBody, "leaves")+3], 400, 400},
		"multipart, empty":  {multipartType, "", 400, 400},
		"1001 parts":        {manyType, many, 400, 400},
		"no multipart":      {"text/plain", "a", 200, 415},
		"JSON, array":       {"application/json", "[]", 400, 415},
		"JSON, cut off":     {"application/json", `{"a": `, 400, 415},
		"JSON, no content":  {"application/json", "", 200, 415},
		"1001 fields":       {"application/x-www-form-urlencoded", strings.Repeat("a&", 1001), 400, 415},
		"1000 fields":       {"application/x-www-form-urlencoded", strings.Repeat("a&", 1000), 200, 415},
	} {
		for rule, want := range map[string]int{"/form": test.form, "/parts": test.parts} {
			if got := client.Post(rule, test.contentType, test.body); got.Status != want {
				t.Errorf("%s, %s: got %d, want %d", rule, name, got.Status, want)
			}
		}
	}
}

func TestFormGet(t *testing.T) {
	form, err := microroute.LoadFormData("application/json",
		[]byte(`{"s": "text", "n": 1.5, "big": 9007199254740993, "t": true, "z": null, "a": ["x", 2], "o": {"k": "v"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"s": "text", "n": "1.5", "big": "9007199254740993", "t": "true", "z": "null", "a": `["x",2]`, "o": `{"k":"v"}`, "none": "",
	} {
		if got := form.Get(name); got != want {
			t.Errorf("Get(%q): got %q, want %q", name, got, want)
		}
		if got := form.Has(name); got != (name != "none") {
			t.Errorf("Has(%q): got %t", name, got)
		}
	}
	for name, want := range map[string]string{"s": "[text]", "a": "[x 2]", "none": "[]"} {
		if got := fmt.Sprint(form.Values(name)); got != want {
			t.Errorf("Values(%q): got %s, want %s", name, got, want)
		}
	}
}

// A file that was not sent is the client's fault, and what File returns may be returned as it is.
func TestFileThatWasNotSent(t *testing.T) {
	app := microroute.New()
	app.Post("/", func(c *Context) (io.Reader, error) {
		form, err := c.Request.Form()
		if err != nil {
			return nil, err
		}
		file, err := form.File("pic")
		if err != nil {
			return nil, err
		}
		return file.Open()
	})
	client := microroutetest.New(t, app)
	for name, want := range map[string]int{"pic": 200, "other": 400} {
		contentType, body := multipartOf(t, field{name, "a.png", "leaves"})
		if got := client.Post("/", contentType, body); got.Status != want {
			t.Errorf("file %q: got %d, want %d", name, got.Status, want)
		}
	}
}

func TestLoadFormData(t *testing.T) {
	contentType, body := multipartOf(t, field{"tea", "", "Assam"}, field{"pic", "a.png", "leaves"})
	for _, test := range []struct{ contentType, body, want string }{
		{contentType, body, "tea=Assam(string) pic=a.png:image/tea:6:leaves"},
		{"application/x-www-form-urlencoded", "a=1", "a=1(string)"},
		{"application/json", `{"a": "1"}`, "a=1(string)"},
	} {
		form, err := microroute.LoadFormData(test.contentType, []byte(test.body))
		if err != nil {
			t.Errorf("%s: got error %v", test.contentType, err)
			continue
		}
		if got, err := describe(form); got != test.want || err != nil {
			t.Errorf("%s: got %q and error %v, want %q", test.contentType, got, err, test.want)
		}
	}
	for contentType, body := range map[string]string{"text/plain": "a", "": "a", "multipart/form-data": body, "application/json": "["} {
		if _, err := microroute.LoadFormData(contentType, []byte(body)); err == nil {
			t.Errorf("LoadFormData(%q, %.10q): got no error", contentType, body)
		}
	}
}
