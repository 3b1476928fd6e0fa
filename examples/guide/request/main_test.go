package main

import (
	"bytes"
	"io"
	"log"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

func TestHead(t *testing.T) {
	client := microroutetest.New(t, newApp(t.TempDir()))
	got := client.Do("GET", "/head/gr%C3%BCn?sort=price&tag=a&tag=b+c", "", "", "User-Agent", "kettle/2", "Cookie", "theme=dark")
	const want = `{"agent":"kettle/2","method":"GET","path":"/head/grün","sort":"price","tags":["a","b c"],` +
		`"target":"/head/gr%C3%BCn?sort=price\u0026tag=a\u0026tag=b+c","theme":"dark"}`
	if got.Body != want {
		t.Errorf("got  %s\nwant %s", got.Body, want)
	}
}

func TestBodies(t *testing.T) {
	client := microroutetest.New(t, newApp(t.TempDir()))
	for _, test := range []struct {
		target, contentType, body string
		status                    int
		want                      string
	}{
		{"/length", "text/plain", "größe", 200, "7"},
		{"/length", "text/plain", strings.Repeat("x", 4<<20+1), 413, "Content Too Large"},
		{"/orders", "application/json", `{"tea":"Assam","cups":2}`, 200, "2 cups of Assam"},
		{"/orders", "application/json", `{"tea":`, 400, "malformed JSON"},
		{"/subscribe", "application/x-www-form-urlencoded", "mail=a%40b.test&list=news&list=offers", 200, "a@b.test gets [news offers]"},
		{"/subscribe", "application/json", `{"mail":"a@b.test","list":["news","offers"]}`, 200, "a@b.test gets [news offers]"},
		{"/picture", "application/x-www-form-urlencoded", "picture=none", 400, "the form has no file"},
	} {
		got := client.Post(test.target, test.contentType, test.body)
		if got.Status != test.status || !strings.Contains(got.Body, test.want) {
			t.Errorf("POST %s %.40q: got %d %q, want %d %q", test.target, test.body, got.Status, got.Body, test.status, test.want)
		}
	}
}

// form returns a multipart form with one file, and its media type.
func form(t *testing.T, field, name, content string) (contentType, body string) {
	t.Helper()
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(part, content)
	w.Close()
	return w.FormDataContentType(), text.String()
}

func TestPictureIsSaved(t *testing.T) {
	dir := t.TempDir()
	client := microroutetest.New(t, newApp(dir))
	contentType, body := form(t, "picture", "../../leaf.png", "\x89PNG")
	if got := client.Post("/picture", contentType, body); got.Status != 200 {
		t.Fatalf("got %d %q, want 200", got.Status, got.Body)
	}
	saved, err := os.ReadFile(filepath.Join(dir, "picture.png"))
	if err != nil || string(saved) != "\x89PNG" {
		t.Errorf("got %q, %v in the saved file, want what was sent", saved, err)
	}
}

func TestStreams(t *testing.T) {
	client := microroutetest.New(t, newApp(t.TempDir()))
	film := strings.Repeat("frame ", 1<<20) // more than a body may have elsewhere
	if got := client.Do("PUT", "/films/tea", "video/mp4", film); got.Body != "tea has 6291456 octets" {
		t.Errorf("PUT: got %d %q, want the size", got.Status, got.Body)
	}
	contentType, body := form(t, "film", "tea.mp4", film)
	if got := client.Post("/films", contentType, body); got.Body != `{"tea.mp4":6291456}` {
		t.Errorf("POST: got %d %q, want the size", got.Status, got.Body)
	}
}

func TestValues(t *testing.T) {
	client := microroutetest.New(t, newApp(t.TempDir()))
	for cookie, want := range map[string]string{"": "Welcome!", "language=en": "Welcome!", "a=b; language=de": "Willkommen!"} {
		if got := client.Do("GET", "/welcome", "", "", "Cookie", cookie); got.Body != want {
			t.Errorf("Cookie %q: got %d %q, want %q", cookie, got.Status, got.Body, want)
		}
	}
}

func TestWorkGoesOn(t *testing.T) {
	var mails bytes.Buffer
	log.SetOutput(&mails)
	defer log.SetOutput(os.Stderr)
	t.Run("mail", func(t *testing.T) { // its end waits for the work
		client := microroutetest.New(t, newApp(t.TempDir()))
		if got := client.Post("/mail/ann?subject="+url.QueryEscape("Tea & time"), "", ""); got.Status != 202 {
			t.Errorf("got %d %q, want 202", got.Status, got.Body)
		}
	})
	if !strings.Contains(mails.String(), "mail to ann: Tea & time") {
		t.Errorf("got the log %q, want the mail in it", mails.String())
	}
}
