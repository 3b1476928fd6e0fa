package browser_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// complaint is something that should not happen on a page, and what it is about.
type complaint struct{ about, text string }

// complaints is what the browser has complained of. A request to another host counts: the tour has to do without.
type complaints struct {
	mu   sync.Mutex
	list []complaint
	urls map[network.RequestID]string
}

func newComplaints() *complaints { return &complaints{urls: map[network.RequestID]string{}} }

// listen is told all events of a tab.
func (c *complaints) listen(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		c.urls[e.RequestID] = e.Request.URL
		if !isLocal(e.Request.URL) {
			c.add(e.Request.URL, "request to another host")
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			c.add(c.urls[e.RequestID], e.ErrorText)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			c.add(e.Entry.URL, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		c.add(e.ExceptionDetails.URL, text)
	case *runtime.EventConsoleAPICalled:
		c.add("console."+string(e.Type), fmt.Sprint(len(e.Args), " arguments"))
	}
}

func (c *complaints) add(about, text string) { c.list = append(c.list, complaint{about, text}) }

func isLocal(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Hostname() == "127.0.0.1"
}

// check fails the tab's test for everything that the browser has complained of since the last time, but for what is about
// intended, a part of a URL.
func (tab *tab) check(intended string) {
	tab.t.Helper()
	c := tab.complaints
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.list {
		if intended == "" || !strings.Contains(one.about, intended) {
			tab.t.Errorf("the browser complains of %q: %s", one.about, one.text)
		}
	}
	c.list = slices.Delete(c.list, 0, len(c.list))
}
