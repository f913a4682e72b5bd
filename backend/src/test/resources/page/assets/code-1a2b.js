console.log("twin");
