package cookie_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/microroute/microroute/cookie"
	"github.com/microroute/microroute/message"
)

func Example() {
	var response message.Header
	field, err := cookie.Cookie{Name: "theme", Value: "dark", Path: "/", MaxAge: 30 * 24 * time.Hour}.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	response.Add("Set-Cookie", field)
	fmt.Println(response.Get("Set-Cookie"))

	var request message.Header
	request.Add("Cookie", "lang=en; theme=dark")
	theme, ok := cookie.Find(request.Get("Cookie"), "theme")
	fmt.Println(theme, ok)
	// Output:
	// theme=dark; Path=/; Max-Age=2592000
	// dark true
}

func ExampleCookie_Append() {
	b, err := cookie.Cookie{
		Name:     "__Host-sid",
		Value:    "7f3a",
		Path:     "/",
		Secure:   true,
		HttpOnly: true,
		SameSite: cookie.SameSiteLax,
	}.Append([]byte("Set-Cookie: "))
	fmt.Println(string(b), err)
	// Output: Set-Cookie: __Host-sid=7f3a; Path=/; Secure; HttpOnly; SameSite=Lax <nil>
}

func ExampleCookie_Encode() {
	field, err := cookie.Cookie{Name: "theme", Path: "/", MaxAge: -1}.Encode() // deletes it
	fmt.Println(field, err)
	// Output: theme=; Path=/; Max-Age=0 <nil>
}

func ExampleError() {
	_, err := cookie.Cookie{Name: "embed", Value: "1", SameSite: cookie.SameSiteNone}.Encode()
	fmt.Println(errors.Is(err, cookie.ErrInsecure))
	fmt.Println(err)
	// Output:
	// true
	// cookie: "embed": browsers drop SameSite=None and Partitioned without Secure: set Secure
}

func ExampleAll() {
	for name, value := range cookie.All(`a=1; b="two"; broken; c=3`) {
		fmt.Println(name, value)
	}
	// Output:
	// a 1
	// b two
	// c 3
}
