package microroute

import (
	"encoding/json"
	"strconv"

	"github.com/microroute/microroute/message"
)

// DefaultOnError answers an error until App.OnError replaces it: it logs the error, with slog.LevelError if it is the
// server's fault (5xx), else with slog.LevelDebug, and sends the ErrorPage of its status, or else a plain page or a
// problem document (RFC 9457), by the request's Accept field. An error that is no Error counts as status 500.
func DefaultOnError(c *Context, err error) {
	c.live()
	c.logError(err)
	c.showError(asError(err))
}

// showError makes the page for e the content of the response, and e what the response is about.
func (c *Context) showError(e *Error) {
	r := c.Response
	c.failure, r.Status = e, e.Status
	r.page, r.decided = nil, false
	if page := c.app.pages[e.Status]; page != nil {
		err := page(c)
		if err == nil {
			r.decided = true
			return
		}
		c.logError(err)
		if r.headerSent {
			r.giveUp()
			return
		}
		r.dropContent()
	}
	if !r.headerSent {
		addVary(&r.Header, "Accept")
	}
	if message.PreferType(c.Request.Header.Get("Accept"), "text/html", typeProblem, typeJSON) == "text/html" {
		r.content = textContent(c.errorPage(e))
	} else {
		r.content = content{octets: c.problem(e), mimeType: typeProblem}
	}
	r.decided = true
}

const typeProblem = "application/problem+json"

// detail returns what the client is to read; in development, the cause.
func (c *Context) detail(e *Error) string {
	if c.app.config.Development && e.Err != nil {
		return e.Error()
	}
	return e.Detail
}

func (c *Context) errorPage(e *Error) string {
	title := strconv.Itoa(e.Status)
	if text := c.app.statusText(e.Status); text != "" {
		title += " " + text
	}
	title = escapeHTML(title)
	page := "<!doctype html>\n<title>" + title + "</title>\n<h1>" + title + "</h1>\n"
	if detail := c.detail(e); detail != "" {
		page += "<p>" + escapeHTML(detail) + "</p>\n"
	}
	return page
}

// escapeHTML is html.EscapeString without package html, whose tables would be 68 KB of every program.
func escapeHTML(text string) string {
	var b []byte
	for i := range len(text) {
		escaped := text[i : i+1]
		switch text[i] {
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		case '&':
			escaped = "&amp;"
		case '\'':
			escaped = "&#39;"
		case '"':
			escaped = "&#34;"
		}
		b = append(b, escaped...)
	}
	return string(b)
}

// problem returns e as a problem document (RFC 9457 section 3). Its type is about:blank, so its title is the status' text.
func (c *Context) problem(e *Error) []byte {
	text, err := json.Marshal(struct {
		Title  string `json:"title,omitempty"`
		Status int    `json:"status"`
		Detail string `json:"detail,omitempty"`
	}{c.app.statusText(e.Status), e.Status, c.detail(e)})
	if err != nil {
		c.logError(err)
	}
	return text
}
