package microroutetest_test

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// inTest runs a test and prints what it reports.
func inTest(test func(t testing.TB)) {
	e := &ending{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(e)
	}()
	<-done
	e.end()
	for _, text := range e.reports {
		fmt.Println(text)
	}
}

// newShop returns the App of the examples: a list of teas, to which some can be added.
func newShop() *microroute.App {
	app := microroute.New()
	teas := []string{"Assam", "Ceylon"}
	app.Get("/teas", func(*microroute.Context) []string { return teas })
	app.Post("/teas", func(c *microroute.Context) error {
		form, err := c.Request.Form()
		if err != nil {
			return err
		}
		teas = append(teas, form.Get("name"))
		return c.Response.Redirect("/teas", 303)
	})
	app.Get("/menu", func(c *microroute.Context) string {
		c.Response.MIMEType = "text/plain"
		return "Menu\n\n" + strings.Join(teas, "\n") + "\n"
	})
	app.Get("/address", func(c *microroute.Context) string {
		return fmt.Sprint(c.Request.RemoteAddr, " by ", c.Request.Scheme())
	})
	return app
}

func Example() {
	inTest(func(t testing.TB) {
		client := microroutetest.New(t, newShop())
		client.Get("/teas").WantJSON(200, []string{"Assam", "Ceylon"})
		client.PostForm("/teas", url.Values{"name": {"Darjeeling"}}).
			Want(303).
			WantHeader("Location", "/teas")
		client.Get("/menu").Want(200).WantContains("Darjeeling")
		client.Get("/coffees").Want(404)
	})
	// Output:
}

// Somebody has added Darjeeling, and nobody has told the test.
func ExampleResponse_Want() {
	inTest(func(t testing.TB) {
		client := microroutetest.New(t, newShop())
		client.PostForm("/teas", url.Values{"name": {"Darjeeling"}})
		client.Get("/menu").Want(200, "Menu\n\nAssam\nCeylon\nKeemun\n")
	})
	// Output:
	// GET /menu
	//     body (-want +got):
	//           Menu
	//
	//           Assam
	//           Ceylon
	//         - Keemun
	//         + Darjeeling
}

func ExampleResponse_WantHeader() {
	inTest(func(t testing.TB) {
		microroutetest.New(t, newShop()).Get("/menu").
			WantHeader("Content-Type", "text/html; charset=utf-8", "ETag", "")
	})
	// Output:
	// GET /menu
	//     Content-Type: got "text/plain; charset=utf-8", want "text/html; charset=utf-8"
}

func ExampleResponse_WantContains() {
	inTest(func(t testing.TB) {
		microroutetest.New(t, newShop()).Get("/menu").WantContains("Assam", "Milk")
	})
	// Output:
	// GET /menu
	//     body does not contain "Milk"
	//     body:
	//         Menu
	//
	//         Assam
	//         Ceylon
}

func ExampleResponse_WantJSON() {
	inTest(func(t testing.TB) {
		client := microroutetest.New(t, newShop())
		client.Get("/teas").WantJSON(200, `["Assam", "Ceylon"]`)
		client.Get("/teas").WantJSON(200, []string{"Assam", "Keemun"})
		client.Get("/menu").WantJSON(200, []string{"Assam", "Ceylon"})
	})
	// Output:
	// GET /teas
	//     JSON differs at [1]: got ["Assam","Ceylon"], want ["Assam","Keemun"]
	// GET /menu
	//     Content-Type: got "text/plain; charset=utf-8", want JSON
	//     body is not JSON: invalid character 'M' looking for beginning of value
	//     body:
	//         Menu
	//
	//         Assam
	//         Ceylon
}

func ExampleClient_From() {
	inTest(func(t testing.TB) {
		client := microroutetest.New(t, newShop()).From("192.0.2.7:1234").At("https://tea.example")
		fmt.Println(client.Get("/address").Body)
	})
	// Output:
	// 192.0.2.7:1234 by https
}

func ExampleClient_Another() {
	app := microroute.New()
	app.Get("/visits", func(c *microroute.Context) (string, error) {
		value, _ := c.Request.Cookie("visits")
		value += "I"
		return value, c.Response.SetCookie(microroute.Cookie{Name: "visits", Value: value})
	})
	inTest(func(t testing.TB) {
		anna := microroutetest.New(t, app)
		bert := anna.Another()
		anna.Get("/visits").Want(200, "I")
		anna.Get("/visits").Want(200, "II")
		bert.Get("/visits").Want(200, "I")
	})
	// Output:
}

func ExampleClient_With() {
	app := microroute.New()
	app.Get("/cellar", func(c *microroute.Context) (string, error) {
		if c.Request.Header.Get("Authorization") != "Bearer sesame" {
			return "", &microroute.Error{Status: 401}
		}
		return "Assam, 1987", nil
	})
	inTest(func(t testing.TB) {
		client := microroutetest.New(t, app)
		member := client.With("Authorization", "Bearer sesame")
		client.Get("/cellar").Want(401)
		member.Get("/cellar").Want(200, "Assam, 1987")
	})
	// Output:
}

func ExampleClient_Stream() {
	app := microroute.New()
	app.Get("/brew", func(c *microroute.Context) error {
		for _, step := range []string{"Boil water.\n", "Add leaves.\n", "Wait.\n"} {
			if err := c.Response.SendString(step); err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
		}
		return nil
	})
	inTest(func(t testing.TB) {
		stream := microroutetest.New(t, app).Stream("GET", "/brew")
		stream.Want(200)
		fmt.Println(stream.Line())
		stream.WantNext("Add milk.\n")
		stream.Close()
	})
	// Output:
	// Boil water.
	// GET /brew
	//     next: got "Add leaves", want "Add milk.\n"
}

func ExampleClient_Open() {
	inTest(func(t testing.TB) {
		request := microroutetest.New(t, brewery()).Open("POST", "/echo", "Content-Type", "text/plain")
		stream := request.Answer() // its head is there before there is any content
		request.Send("Assam\n")
		fmt.Println(stream.Line())
		request.Send("Ceylon\n")
		fmt.Println(stream.Line())
		request.End()
	})
	// Output:
	// Assam
	// Ceylon
}

func ExampleRequest_Interim() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) (string, error) {
		err := c.Response.EarlyHints("</style.css>; rel=preload; as=style")
		return "<h1>Teas</h1>", err
	})
	inTest(func(t testing.TB) {
		request := microroutetest.New(t, app).Open("GET", "/")
		hints := request.Interim()
		fmt.Println(hints.Status, hints.Header.Get("Link"))
		fmt.Println(request.Answer().Rest())
	})
	// Output:
	// 103 </style.css>; rel=preload; as=style
	// <h1>Teas</h1>
}

func ExampleClient_Events() {
	inTest(func(t testing.TB) {
		events := microroutetest.New(t, clock()).Events("/clock", "Last-Event-ID", "41")
		fmt.Printf("%+v\n", events.Next())
		events.Reconnect()
		for event := range events.All() {
			fmt.Printf("%+v\n", event)
			break
		}
		events.Close()
	})
	// Output:
	// {Type:message Data:tick ID:42}
	// {Type:message Data:tick ID:43}
}

func ExampleClient_WebSocket() {
	inTest(func(t testing.TB) {
		socket := microroutetest.New(t, newEcho()).WebSocket("/echo", "tea")
		fmt.Println(socket.Subprotocol)
		socket.Send("Assam")
		socket.WantNext("Assam")
		socket.Send("Cey", "lon") // in two fragments
		fmt.Println(socket.Receive())
		socket.Close(1000, "bye")
	})
	// Output:
	// tea
	// Ceylon
}

// TestMain keeps what the Apps have to say out of the tests' output. Fuzzing says there how far it has come.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" {
		m.Run()
		return
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	os.Stderr = null
	m.Run()
}
