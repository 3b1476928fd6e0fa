//go:build linux

package verify

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"time"

	"github.com/microroute/microroute/bench/internal/site"
)

// FileServer asks the file server at addr for everything that site.Fetches has, but for requests of those names that are
// left out. The error joins all differences from what is expected, one for each name.
func FileServer(addr string, leftOut ...string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	c := client{conn: conn.(*net.TCPConn), reader: bufio.NewReader(conn)}
	done := make(map[string]bool)
	for _, name := range leftOut {
		done[name] = true
	}
	var wrong error
	for _, f := range site.Fetches() {
		if done[f.Name] {
			continue
		}
		difference, err := c.fetch(f)
		if err != nil {
			return errors.Join(wrong, fmt.Errorf("%s: %w", f.Name, err))
		}
		if difference != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", f.Name, difference))
			done[f.Name] = true
		}
	}
	return wrong
}

// fetch sends a request and reads the answer. How that differs from what is expected is difference; an err is a connection
// that is of no further use.
func (c *client) fetch(f site.Fetch) (difference, err error) {
	c.conn.SetDeadline(time.Now().Add(patience))
	if _, err := c.conn.Write(f.Request()); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return nil, err
	}
	difference = compareFetch(f, response)
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return nil, errors.Join(difference, err)
	}
	if response.Close {
		return difference, errors.New("the server closes the connection")
	}
	return difference, nil
}

// compareFetch returns how the answer differs from what is expected of f.
func compareFetch(f site.Fetch, response *http.Response) error {
	status := http.StatusOK
	if len(f.Parts) > 0 {
		status = http.StatusPartialContent
	}
	fields := response.Header
	if response.StatusCode != status || response.Proto != "HTTP/1.1" {
		return fmt.Errorf("got status line %s %s, want HTTP/1.1 %d", response.Proto, response.Status, status)
	}
	if n := response.ContentLength; n < 0 || f.Length() > 0 && n != int64(f.Length()) {
		return fmt.Errorf("got Content-Length %d, want one, and %d unless that is 0", n, f.Length())
	}
	for _, name := range []string{"Date", "Last-Modified"} {
		if _, err := http.ParseTime(fields.Get(name)); err != nil {
			return fmt.Errorf("got %s %q: %w", name, fields.Get(name), err)
		}
	}
	if len(f.Parts) > 1 {
		return compareParts(f, fields.Get("Content-Type"), response.Body)
	}
	part := site.Part{Offset: 0, Length: f.Size}
	if len(f.Parts) == 1 {
		part = f.Parts[0]
		if err := compareRange(f, part, fields.Get("Content-Range")); err != nil {
			return err
		}
	}
	return compareContent(f, part, fields.Get("Content-Type"), response.Body)
}

// compareParts compares several parts in one content (RFC 9110 section 14.6).
func compareParts(f site.Fetch, contentType string, content io.Reader) error {
	mimeType, parameters, err := mime.ParseMediaType(contentType)
	if mimeType != "multipart/byteranges" || err != nil {
		return fmt.Errorf("got Content-Type %q (%v), want multipart/byteranges", contentType, err)
	}
	parts := multipart.NewReader(content, parameters["boundary"])
	for _, want := range f.Parts {
		part, err := parts.NextRawPart()
		if err != nil {
			return fmt.Errorf("%+v: %w", want, err)
		}
		if err := compareRange(f, want, part.Header.Get("Content-Range")); err != nil {
			return err
		}
		if err := compareContent(f, want, part.Header.Get("Content-Type"), part); err != nil {
			return err
		}
	}
	if part, err := parts.NextRawPart(); err != io.EOF {
		return fmt.Errorf("got one more part %v (%v), want %d", part, err, len(f.Parts))
	}
	return nil
}

func compareRange(f site.Fetch, p site.Part, got string) error {
	if want := fmt.Sprintf("bytes %d-%d/%d", p.Offset, p.Offset+p.Length-1, f.Size); got != want {
		return fmt.Errorf("got Content-Range %q, want %q", got, want)
	}
	return nil
}

// compareContent compares a part of the file, or all of it, and its media type.
func compareContent(f site.Fetch, p site.Part, contentType string, content io.Reader) error {
	if got, _, err := mime.ParseMediaType(contentType); got != "text/html" {
		return fmt.Errorf("got Content-Type %q (%v), want text/html", contentType, err)
	}
	want := f.Content(p)
	ours, theirs := make([]byte, 64<<10), make([]byte, 64<<10)
	for at := p.Offset; ; at += len(ours) {
		n, _ := io.ReadFull(want, ours)
		m, err := io.ReadFull(content, theirs)
		if !bytes.Equal(theirs[:m], ours[:n]) {
			return fmt.Errorf("got content %s at %d, want %s", brief(theirs[:m]), at, brief(ours[:n]))
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
