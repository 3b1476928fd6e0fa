package router_test

import (
	"fmt"
	"slices"

	"github.com/microroute/microroute/router"
)

func Example() {
	var r router.Router[string]
	for _, text := range []string{"/goods/new", "/goods/<string:name>/<float:price>/<int:n>", "/files/<path:name>"} {
		rule, err := router.Parse(text)
		if err == nil {
			err = r.Add("GET", rule, text)
		}
		if err != nil {
			fmt.Println(err)
		}
	}

	var m router.Match
	rule, found := r.Find("GET", "/goods/green%20tea/5.2/100/", &m)
	fmt.Println(rule, found)
	fmt.Println(m.Var(0), m.Float(1)*float64(m.Int(2)))

	rule, found = r.Find("GET", "/files/img/logo.png", &m)
	fmt.Println(rule, found, m.Var(0))

	_, found = r.Find("GET", "/goods/tea/cheap/1", &m)
	fmt.Println(found)
	// Output:
	// /goods/<string:name>/<float:price>/<int:n> true
	// green tea 520
	// /files/<path:name> true img/logo.png
	// false
}

// The best of several rules wins, whatever their order.
func ExampleRouter_Find() {
	var r router.Router[string]
	for _, text := range []string{"/<path:rest>", "/<string:word>", "/<float:x>", "/<int:n>", "/top"} {
		rule, _ := router.Parse(text)
		_ = r.Add("GET", rule, text)
	}
	var m router.Match
	for _, path := range []string{"/top", "/7", "/7.5", "/seven", "/a/b"} {
		rule, _ := r.Find("GET", path, &m)
		fmt.Println(path, rule)
	}
	// Output:
	// /top /top
	// /7 /<int:n>
	// /7.5 /<float:x>
	// /seven /<string:word>
	// /a/b /<path:rest>
}

// GET answers HEAD where there is no HEAD.
func ExampleRouter_FindEither() {
	var r router.Router[string]
	rule, _ := router.Parse("/a")
	_ = r.Add("GET", rule, "the GET of /a")
	var m router.Match
	fmt.Println(r.FindEither("HEAD", "GET", "/a", &m))
	// Output: the GET of /a true
}

// A path without a value for the method may have one for others.
func ExampleRouter_Methods() {
	var r router.Router[int]
	for i, method := range []string{"PUT", "GET"} {
		rule, _ := router.Parse("/a/<int:n>")
		_ = r.Add(method, rule, i)
	}
	var m router.Match
	if _, found := r.Find("POST", "/a/1", &m); !found {
		methods := r.Methods("/a/1", &m)
		slices.Sort(methods)
		fmt.Println(methods)
	}
	fmt.Println(len(r.Methods("/b", &m)))
	// Output:
	// [GET PUT]
	// 0
}

func ExampleRouter_Add() {
	var r router.Router[int]
	for i, text := range []string{"/a/<int:x>", "/a/<int:y>/"} {
		rule, _ := router.Parse(text)
		fmt.Println(r.Add("GET", rule, i))
	}
	// Output:
	// <nil>
	// router: rule already taken: GET /a/<int:y> (as /a/<int:x>)
}

func ExampleParse() {
	rule, err := router.Parse("v/<int:major>.<int:minor>/<custom=[a-z]+(?:-[0-9]+)?:name>.zip/")
	fmt.Println(rule, err)
	for _, v := range rule.Variables() {
		fmt.Printf("%s %s %q\n", v.Name, v.Type, v.Pattern)
	}

	_, err = router.Parse("/user/<itn:id>")
	fmt.Println(err)
	// Output:
	// /v/<int:major>.<int:minor>/<custom=[a-z]+(?:-[0-9]+)?:name>.zip <nil>
	// major int ""
	// minor int ""
	// name custom "[a-z]+(?:-[0-9]+)?"
	// router: rule /user/<itn:id>: unknown type "itn" (at byte 6); write <int:id>; the types are string, int, float, path and custom=regex
}
