package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// listener reads server-sent events.
type listener struct {
	t     *testing.T
	lines *bufio.Scanner
}

// listen follows the board of a tour. It returns when the tour knows of it.
func listen(c *client) *listener {
	c.t.Helper()
	l := &listener{c.t, bufio.NewScanner(c.call("GET", "/events", nil).Body)}
	l.await("^: welcome$")
	return l
}

// await reads events up to the line that matches a pattern.
func (l *listener) await(pattern string) {
	l.t.Helper()
	wanted := regexp.MustCompile(pattern)
	var heard []string
	for l.lines.Scan() {
		if wanted.MatchString(l.lines.Text()) {
			return
		}
		heard = append(heard, l.lines.Text())
	}
	l.t.Fatalf("heard %q, then %v; want a line that matches %s", heard, l.lines.Err(), pattern)
}

// open begins a request that leave ends, as a visitor who goes away.
func open(c *client, target string) (response *http.Response, leave func()) {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	c.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, "GET", c.url+target, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	response, err = c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { response.Body.Close() })
	return response, cancel
}

func TestStreamNoticesThatTheVisitorLeaves(t *testing.T) {
	c := startTour(t)
	events := listen(c)
	response, leave := open(c, "/stream")
	pieces := bufio.NewScanner(response.Body)
	for _, want := range []string{"piece 1 of 25", "piece 2 of 25"} {
		if !pieces.Scan() || pieces.Text() != want {
			t.Fatalf("got %q, %v, want %q", pieces.Text(), pieces.Err(), want)
		}
	}
	leave()
	events.await(`^data: You stopped me after piece \d+\.$`)
}

func TestEventsReachAll(t *testing.T) {
	c := startTour(t)
	one, other := listen(c), listen(c)
	form := url.Values{"text": {"good\r\n\r\nevent: x\r\nmorning"}}
	c.call("POST", "/say", strings.NewReader(form.Encode()), "Content-Type: application/x-www-form-urlencoded")
	for _, l := range []*listener{one, other} {
		l.await("^event: said$")
		l.await("^data: good event: x morning$")
	}
}

func TestCameraSendsPictures(t *testing.T) {
	c := startTour(t)
	events := listen(c)
	response, leave := open(c, "/camera")
	_, params, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	pictures := multipart.NewReader(response.Body, params["boundary"])
	var last []byte
	for range 2 {
		part, err := pictures.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		file, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if size := picture.Bounds().Size(); size.X != pictureWidth || size.Y != pictureHeight {
			t.Errorf("got a picture of %v, want %d × %d", size, pictureWidth, pictureHeight)
		}
		if bytes.Equal(file, last) {
			t.Error("got the same picture twice, want a moving view")
		}
		last = file
	}
	leave()
	events.await(`^data: You left after \d+ pictures\.$`)
}

func TestHalfwayBreaksOff(t *testing.T) {
	c := startTour(t)
	body, err := io.ReadAll(c.call("GET", "/halfway", nil).Body)
	if string(body) != "This sentence" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q, %v, want %q and an unexpected end", body, err, "This sentence")
	}
}

func TestJobOutlivesItsRequest(t *testing.T) {
	c := startTour(t)
	events := listen(c)
	response := c.call("POST", "/jobs", nil)
	if got := c.read(response); response.StatusCode != http.StatusAccepted || got != "Job 1 has begun." {
		t.Errorf("got %s %q, want 202 and job 1", response.Status, got)
	}
	for step := 1; step <= 5; step++ {
		events.await(fmt.Sprintf(`^data: Job 1: %d of 5 done\.$`, step))
	}
}

func TestCookieIsSetReadAndDeleted(t *testing.T) {
	c := startTour(t)
	const urlencoded = "Content-Type: application/x-www-form-urlencoded"
	for _, step := range []struct{ method, body, want string }{
		{"GET", "", "Have we met?"},
		{"POST", "name=Ada", "I will know you for an hour."},
		{"GET", "", "Hello, Ada!"},
		{"DELETE", "", "Who are you?"},
		{"GET", "", "Have we met?"},
	} {
		got := c.read(c.call(step.method, "/cookie", strings.NewReader(step.body), urlencoded))
		if got != step.want {
			t.Errorf("%s: got %q, want %q", step.method, got, step.want)
		}
	}
}

// overLimit is more than a route takes that has no limit of its own, in octets.
const overLimit = 5 << 20

func TestUploadTakesMoreThanOtherRoutes(t *testing.T) {
	c := startTour(t)
	content := bytes.Repeat([]byte("tour "), overLimit/5)
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for _, name := range []string{"one.bin", "two.bin"} {
		part, err := writer.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(content)
	}
	writer.Close()
	const file = `{"name":%q,"octets":%d,"sha256":"%x"}`
	one := fmt.Sprintf(file, "one.bin", len(content), sha256.Sum256(content))
	two := fmt.Sprintf(file, "two.bin", len(content), sha256.Sum256(content))
	got := c.read(c.call("POST", "/upload", &form, "Content-Type: "+writer.FormDataContentType()))
	if want := "[" + one + "," + two + "]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	response := c.call("POST", "/order", bytes.NewReader(make([]byte, overLimit)), "Expect: 100-continue")
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("%d octets to another route: got %s, want 413", overLimit, response.Status)
	}
}
