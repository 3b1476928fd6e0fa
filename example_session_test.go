package microroute_test

import (
	"fmt"
	"net/http"

	"github.com/microroute/microroute"
)

// visit is a Session in memory.
type visit map[string]any

func (v visit) Get(name string) any              { return v[name] }
func (v visit) Set(name string, value any) error { v[name] = value; return nil }
func (v visit) Delete(name string) error         { delete(v, name); return nil }

// visits finds the visit of a visitor by a cookie. It is no good for real visitors, who would guess each other's.
type visits map[string]visit

func (v visits) Session(c *microroute.Context) (microroute.Session, error) {
	id, ok := c.Request.Cookie("visitor")
	if !ok {
		id = fmt.Sprint(len(v) + 1)
		c.Response.OnSend(func() { c.Response.SetCookie(microroute.Cookie{Name: "visitor", Value: id}) })
	}
	if v[id] == nil {
		v[id] = visit{}
	}
	return v[id], nil
}

func ExampleSessions() {
	app := microroute.New(microroute.Config{SingleThread: true, Sessions: visits{}})
	app.Get("/", func(c *microroute.Context) (string, error) {
		cups, _ := c.Session.Get("cups").(int)
		return fmt.Sprintf("cup no. %d", cups+1), c.Session.Set("cups", cups+1)
	})

	get(app, "/", "Set-Cookie")
	again := request("GET", "/", "")
	again.AddCookie(&http.Cookie{Name: "visitor", Value: "1"})
	send(app, again)
	// Output:
	// 200 OK
	// Set-Cookie: visitor=1
	// cup no. 1
	// 200 OK
	// cup no. 2
}

func ExampleSession() {
	app := microroute.New(microroute.Config{SingleThread: true, Sessions: visits{"1": {"name": "Ann"}}})
	app.Post("/logout", func(c *microroute.Context) (string, error) {
		name := c.Session.Get("name")
		return fmt.Sprintf("Bye, %v!", name), c.Session.Delete("name")
	})

	for range 2 {
		logout := request("POST", "/logout", "")
		logout.AddCookie(&http.Cookie{Name: "visitor", Value: "1"})
		send(app, logout)
	}
	// Output:
	// 200 OK
	// Bye, Ann!
	// 200 OK
	// Bye, <nil>!
}
